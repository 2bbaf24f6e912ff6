"""How good the data of each facility is, month by month: đúng, đủ, sạch, sống, sâu, đồng bộ; and who has gone silent.

Raw figures are stored (`refreshing`), judged when they are read (`cards`, `ranks`, `connections`,
`silence`). What counts as good is dated data (`settings`).
"""

from yteso.quality.cards import months_known, scorecard
from yteso.quality.connections import interconnection, missing
from yteso.quality.listening import never_heard, silence_of, silences
from yteso.quality.ranks import OVERALL, ranking
from yteso.quality.refreshing import refresh, refresher
from yteso.quality.settings import MEASURES, last_released, released


__all__ = [
    "MEASURES",
    "OVERALL",
    "interconnection",
    "last_released",
    "missing",
    "months_known",
    "never_heard",
    "ranking",
    "refresh",
    "refresher",
    "released",
    "scorecard",
    "silence_of",
    "silences",
]
