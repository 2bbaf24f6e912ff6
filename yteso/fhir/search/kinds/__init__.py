"""The types of search parameters: how a value is read, and which elements match it."""
