"""How good the data of each facility is, month by month: đúng, đủ, sạch, sống, sâu, đồng bộ; and who has gone silent.

Raw figures are stored (`refreshing`), judged when they are read (`scorecard`, `ranking`, `interconnection`,
`silence`). What counts as good is dated data (`settings`).
"""
