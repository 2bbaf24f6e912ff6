"""What every page shares: layout, words for dates and numbers, roles, errors, headers."""
