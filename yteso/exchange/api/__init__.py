"""The clean API beside the portal's door: `/api/v1`, described by its OpenAPI 3.1 document.

Its modules may be imported only after Django is set up: django-ninja reads the settings on import.
"""
