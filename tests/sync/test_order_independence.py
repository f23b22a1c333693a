"""Any order, cut and repetition of a set of records ends in the same ledger.

`contract.ledger_rules` says which: it knows the whole set and no order at all.
"""

from contract.histories import Course, courses, run
from contract.memory_rigs import MemoryLedgerRig
from hypothesis import given, settings
from hypothesis import strategies as st


@given(courses(), st.data())
@settings(max_examples=500, deadline=None)
def test_any_order_cut_and_repetition_end_in_the_same_ledger(
    course: Course, data: st.DataObject
) -> None:
    run(data.draw, course, MemoryLedgerRig())
