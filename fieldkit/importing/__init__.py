"""Drafts of what other devices noted: photographs, GPX waypoints, rows of a CSV file.

What comes from outside is suggested, never believed: the position has ``source``
``imported``, its ``basis`` says from where, and an inspector finishes and seals
each draft in the field app.
"""
