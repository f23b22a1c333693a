"""The tally: what is counted, for which question, in which rows.

One query object (`TallyQuery`) feeds the command, the status page and whatever
view comes later; `docs/tally.md` defines every figure in words. `recount`
counts the same from plain Python objects, without any SQL: what `verify`
compares the tables with.
"""
