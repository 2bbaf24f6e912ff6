"""Signing in and out, the language of the pages, and the way home."""
