"""For those who exchange FHIR with yteso: the implementation guide, browsable. It shows nothing of anybody."""
