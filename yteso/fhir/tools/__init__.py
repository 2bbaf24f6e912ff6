"""Scripts that make the data files of `yteso.fhir` from the published R4 package."""
