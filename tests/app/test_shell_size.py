"""The shell of the app, as a thin link carries it."""

from server.field_files import FieldFile, field_files

MOST_BYTES = 350_000


def shell() -> list[FieldFile]:
    """Every file but the lists, which are reference data."""
    return [file for file in field_files().values() if not file.name.endswith(".json")]


def carried_bytes(file: FieldFile) -> int:
    return len(file.content if file.gzipped is None else file.gzipped)


def test_the_app_shell_is_at_most_350_kb_gzipped():
    sizes = {file.name: carried_bytes(file) for file in shell()}
    assert len(sizes) > 30, "the app is not where it should be"
    heaviest = sorted(sizes.items(), key=lambda item: -item[1])[:5]
    assert sum(sizes.values()) <= MOST_BYTES, (sum(sizes.values()), heaviest)
