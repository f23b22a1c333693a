"""The field app on a laptop: a server of its own for this machine's browser alone.

`gate` decides which request may come in, `front_end` serves the pages, `api`
gives them the outbox, and `problems` says in words what was refused.
"""
