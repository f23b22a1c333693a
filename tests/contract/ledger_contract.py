"""What every ledger promises. Subclass it and supply a fixture `new_rig`.

`new_rig()` returns an empty `LedgerRig` (see `contract.histories`); it is called
for each example of a property, so emptying a database beats making a new one.
"""

import pytest
from contract.histories import Course, LedgerRig, courses, run
from contract.ledger_port_rules import LedgerPortRules
from contract.pushing import XUNWU, NewRig, enrolled
from contract.record_rules import RecordRules
from contract.sealing import Device
from contract.trust_rules import TrustRules
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


class LedgerContract(RecordRules, TrustRules, LedgerPortRules):
    """The rules of docs/protocol.md, each by its name."""

    @pytest.fixture
    def new_rig(self) -> NewRig:
        raise NotImplementedError("the implementer supplies it")

    @pytest.fixture
    def rig(self, new_rig: NewRig) -> LedgerRig:
        return new_rig()

    @pytest.fixture
    def device(self, rig: LedgerRig) -> Device:
        return enrolled(rig, Device("d1", XUNWU))

    @given(course=courses(max_size=10), data=st.data())
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_any_order_cut_and_repetition_end_in_the_same_ledger(
        self, new_rig: NewRig, course: Course, data: st.DataObject
    ) -> None:
        run(data.draw, course, new_rig())
