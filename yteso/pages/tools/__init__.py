"""Tools for those who change the pages. Nothing here runs in the product."""
