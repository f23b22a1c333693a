"""The field guide: equal in both languages, with pictures and links that lead on."""

import re
from pathlib import Path

import pytest
from PIL import Image

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "img" / "field"
GUIDES = {"zh": DOCS / "field-guide.zh-CN.md", "en": DOCS / "field-guide.en.md"}
MOST_BYTES = 60_000


def text_of(language: str) -> str:
    return GUIDES[language].read_text("utf-8")


def headings(language: str) -> list[int]:
    """Return the level of each heading, in their order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", text_of(language), re.M)]


def pictures(language: str) -> list[str]:
    """Return the file names of the pictures, in their order."""
    return re.findall(r"!\[[^\]]+\]\(img/field/([\w-]+\.png)\)", text_of(language))


def test_both_guides_have_the_same_headings() -> None:
    assert headings("zh") == headings("en")
    assert headings("zh").count(1) == 1


def test_both_guides_show_the_same_pictures_each_in_its_language() -> None:
    assert [name.replace("-zh.png", "-en.png") for name in pictures("zh")] == pictures(
        "en"
    )
    assert all(name.endswith("-en.png") for name in pictures("en"))


def test_every_picture_is_there_and_none_is_left_over() -> None:
    named = {*pictures("zh"), *pictures("en")}
    assert named == {path.name for path in PICTURES.iterdir()}


def test_every_picture_is_small_and_indexed_in_colour() -> None:
    for path in PICTURES.iterdir():
        assert path.stat().st_size <= MOST_BYTES, path.name
        with Image.open(path) as picture:
            assert picture.mode == "P", path.name


@pytest.mark.parametrize("language", GUIDES)
def test_every_link_leads_to_a_page(language: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", text_of(language))
    assert targets
    for target in targets:
        assert (DOCS / target).exists(), target


@pytest.mark.parametrize("language", GUIDES)
def test_every_state_is_told_by_its_symbol(language: str) -> None:
    source = (DOCS.parent / "fieldkit/app/views/states.js").read_text("utf-8")
    table = source.partition("SYMBOLS = {")[2].partition("};")[0]
    symbols = re.findall(r'"(.)"', table)
    told = re.findall(r"^\| (\S) ", text_of(language), re.M)
    assert sorted(told) == sorted(symbols)
