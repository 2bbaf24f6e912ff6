"""FHIR resources → plain values to show. The same values feed the pages and the PDF; nothing here knows of either."""
