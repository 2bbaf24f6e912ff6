"""FHIR R4 (4.0.1): definitions, search and the server over the record."""
