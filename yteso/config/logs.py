"""What may stand in a log."""

import logging
import traceback


class NoPersonalData(logging.Filter):
    """Keeps where a fault happened and of which kind it was; drops the words of the fault, which may quote a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            record.exc_text = "".join(traceback.format_tb(trace)) + f"{kind.__module__}.{kind.__qualname__}"
            record.exc_info = None
        return True
