"""Verification: everything that the database says, derived again from the bytes.

Bytes, signatures and receipts first (`records`, `receipts`); from them how
each record must stand (`standings`), what the read model must say
(`read_model`), and what the tallies must show (`figures`). Whatever differs
is a fault that names its record.
"""
