"""Bulk origin check: any file of points in, the same file with verdicts out.

A file is read twice, a part at a time: first whole, to refuse what cannot be
read before a line is written, then to check. Memory does not grow with it.
"""
