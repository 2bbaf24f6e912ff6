"""Topic-based subscriptions (R4 backport, http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/): clients are told what
happens in the record.

The worker follows the change feed: what matches a topic and a subscription's filters becomes an event with the next
number of that subscription (`matching`), and is delivered in that order until it is taken (`delivering`, `sockets`).
"""
