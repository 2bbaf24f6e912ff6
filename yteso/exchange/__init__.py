"""Deliveries to and from other systems: the accounts of software, the portal-shaped door, and the API beside it."""
