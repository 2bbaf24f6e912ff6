"""The FHIR R4 server: the record over HTTP at `/fhir/R4`, a lean WSGI application beside the pages.

A request finds its `Route` (routes.py); the interaction behind it gives an `Answer` or raises a `Fault`, which becomes
an OperationOutcome. Reading goes through `yteso.access`, resources are handed on as the bytes that are stored.
"""
