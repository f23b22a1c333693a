"""One sync: reference, records, status, photographs, in this order.

Nothing here knows HTTP: a `fieldkit.link.transport.Transport` is handed in.
"""
