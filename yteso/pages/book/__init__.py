"""The citizen's health book: everything known about them, from every facility, in their own words."""
