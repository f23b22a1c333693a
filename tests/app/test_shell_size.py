"""The shell of the app, as a thin link carries it."""

import gzip
from importlib.util import find_spec
from pathlib import Path

MOST_BYTES = 350_000
_ASIDE = {".md", ".json"}  # notices and lists, which no page loads


def shell_files() -> list[Path]:
    spec = find_spec("fieldkit")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0], "app")
    return [
        place
        for place in sorted(folder.rglob("*"))
        if place.is_file() and place.suffix not in _ASIDE and place.name != "LICENSE"
    ]


def test_the_app_shell_is_at_most_350_kb_gzipped():
    sizes = {p: len(gzip.compress(p.read_bytes(), 6)) for p in shell_files()}
    total = sum(sizes.values())
    assert sizes, "the app is not where it should be"
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert total <= MOST_BYTES, (total, [(p.name, size) for p, size in heaviest])
