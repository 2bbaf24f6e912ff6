"""The door that hospital software already knows: the insurance portal's paths, fields and result codes.

Source: the insurer's integration guides (130, 10/2023; 4750, 2024) and public client code. As the portal does, every
answer is HTTP 200 and JSON, with what happened in `maKetQua`; only a sender that knocks too often gets a 429.
"""
