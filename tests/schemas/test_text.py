"""Text in a record: read in one pass, and harmless where it is shown."""

import pytest
from marshmallow import ValidationError

from schemas.fields import Text
from schemas.record import accepts, explain


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("before", ["橙", " ", "橙 "])
def test_a_long_text_is_refused_in_one_pass(before, lines):
    """With a pass for each character this would not end today."""
    field = Text(10**7, lines=lines)
    with pytest.raises(ValidationError):
        field._require(before * 500_000 + "\x00")


@pytest.mark.parametrize("character", ["\x1b", "\x7f", "\x80", "\x9b", "\x9f"])
def test_no_text_can_command_a_terminal(record, character):
    """U+009B begins a command as ESC [ does."""
    record["body"]["site"]["name"] = f"仓库{character}2J"
    assert [fault.field for fault in explain(record)] == ["site.name"]
    assert not accepts(record)
