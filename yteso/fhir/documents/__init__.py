"""Documents made of a record: the International Patient Summary, and a Composition with all that it refers to.

Pure: what is read, and whether it may be, is the business of `yteso.fhir.server`.
https://hl7.org/fhir/R4/documents.html
"""
