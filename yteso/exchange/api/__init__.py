"""The clean API beside the portal's door: `/api/v1`, described by its OpenAPI 3.1 document.

Only `urls` may be imported from outside, and only after Django is set up: django-ninja reads the settings on import.
"""
