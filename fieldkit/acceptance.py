"""Whether what was said can be sealed, and in words why not."""

from collections.abc import Mapping, Sequence
from typing import Any

from fieldkit.errors import InputRefused
from fieldkit.language import filled
from geo.errors import Message
from schemas.errors import Fault
from schemas.record import accepts, explain, explain_input

_REFUSED = Message(zh="{field}：{zh}", en="{field}: {en}")
_UNSAID = Message(zh="记录不符合格式", en="The record does not fit its schema")


def require_acceptable(given: object) -> None:
    """Pass if this input can become a record.

    Raises
    ------
    InputRefused
        Names the first fault's field and every fault's reason.
    """
    _refuse(explain_input(given))


def require_accepted(
    payload: Mapping[str, Any], given: Mapping[str, Any] | None
) -> None:
    """Pass if what is about to be sealed is what a server accepts; raises as above.

    ``given`` is what the inspector said, None for a withdrawal.
    """
    if accepts(payload):
        return
    # The inspector's own words first: they name what was typed.
    _refuse(explain_input(given) if given is not None else [])
    _refuse(explain(payload))
    raise InputRefused(_UNSAID)


def _refuse(faults: Sequence[Fault]) -> None:
    if not faults:
        return
    told = [
        filled(_REFUSED, field=f.field or "-", zh=f.message.zh, en=f.message.en)
        for f in faults
    ]
    message = Message(
        zh="；".join(each.zh for each in told), en="; ".join(each.en for each in told)
    )
    raise InputRefused(message, field=faults[0].field)
