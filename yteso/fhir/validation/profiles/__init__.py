"""Profiles: StructureDefinitions that constrain a type (https://hl7.org/fhir/R4/profiling.html)."""
