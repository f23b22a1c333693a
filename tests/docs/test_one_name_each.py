"""One thing has one name in the app, the commands, the manuals and the status page."""

import re
from pathlib import Path

import pytest

from fieldkit.words import STATUSES

ROOT = Path(__file__).parents[2]
GUIDES = {"zh": "docs/field-guide.zh-CN.md", "en": "docs/field-guide.en.md"}
# What a device calls 市局 and 导出文件, and nothing else.
OTHER_NAMES = r"县局|机关|主管|发码|离线包|数据包|外勤|外业|落盘"


def shown_on_a_device() -> list[Path]:
    """Return the sources of a device's words and the pages that its holder reads."""
    sources = [
        path
        for path in (ROOT / "fieldkit").rglob("*")
        if path.suffix in (".py", ".js") and "vendor" not in path.parts
    ]
    pages = ["README.zh-CN.md", "sync/errors.py", "server/trust_words.py"]
    return [*sources, ROOT / GUIDES["zh"], *(ROOT / page for page in pages)]


def test_a_device_names_the_bureau_and_the_export_file_one_way() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in shown_on_a_device()
        for name in re.findall(OTHER_NAMES, path.read_text("utf-8"))
    }
    # The README tells the three kinds of users apart.
    assert found == {"README.zh-CN.md: 县局"}


@pytest.mark.parametrize("language", GUIDES)
def test_the_guide_names_each_state_as_the_app_does(language: str) -> None:
    source = (ROOT / "fieldkit/app/words/states.js").read_text("utf-8")
    pairs = re.findall(r'"state\.\w+": \["([^"]+)", "([^"]+)"\]', source)
    shown = [pair[language == "en"].casefold() for pair in pairs]
    guide = (ROOT / GUIDES[language]).read_text("utf-8")
    named = re.findall(r"^\| \S ([^|]+) \|", guide, re.MULTILINE)
    assert len(named) == len(shown)
    for name, state in zip(named, shown, strict=True):
        assert name.casefold() in state


def test_what_waits_for_its_original_is_called_so_everywhere() -> None:
    waits = STATUSES["parked"]
    states = (ROOT / "fieldkit/app/words/states.js").read_text("utf-8")
    assert f'["已送达 · {waits.zh}", "Delivered · {waits.en}"]' in states
    page = (ROOT / "server/status_page.py").read_text("utf-8")
    assert f'"parked": Message(zh="{waits.zh}"' in page
