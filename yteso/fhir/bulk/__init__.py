"""Work on many resources at once (FHIR Bulk Data Access 2.0): asked for over HTTP, done by the worker in portions.

A portion is one transaction: what it made, how far the job has come, and whose records were read for it are there
together or not at all. So a worker may be killed at any moment, and several may work, on one machine or many.
"""
