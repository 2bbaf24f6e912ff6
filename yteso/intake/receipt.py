"""The number a sender keeps: the day a file arrived and its place in the node's own count."""

from datetime import datetime
from zoneinfo import ZoneInfo


HERE = ZoneInfo("Asia/Ho_Chi_Minh")


def receipt(received: datetime, submission: int) -> str:
    return f"YT{received.astimezone(HERE):%y%m%d}-{submission}"


def number(receipt: str) -> int:
    """The submission of a receipt."""
    return int(receipt.rpartition("-")[2])
