"""The implementation guide, from the project's own data: profiles, extensions, identifier systems, examples, a package.

Nothing in it is written by hand but names and the comparison with VN Core. The pages are in `yteso.pages.guide`.
"""
