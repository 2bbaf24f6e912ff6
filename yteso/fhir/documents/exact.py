"""JSON of resources in and out, with every decimal as it was written: 1.50 stays 1.50."""

from decimal import Decimal
from typing import Any

from msgspec import json


Resource = dict[str, Any]

read = json.Decoder(Resource, float_hook=Decimal).decode
write = json.Encoder(decimal_format="number").encode
