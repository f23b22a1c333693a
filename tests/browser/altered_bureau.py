"""A server whose app becomes another version while tablets have the one before."""

import shutil
from pathlib import Path

from journeys.commanded import CommandedBureau

PROJECT = Path(__file__).parents[2]


class AlteredBureau(CommandedBureau):
    """A server that serves a copy of the app, which a test may change."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "bureau")
        copy = folder / "altered" / "fieldkit"
        self.app = copy / "app"
        shutil.copytree(PROJECT / "fieldkit" / "app", self.app)
        (copy / "__init__.py").touch()
        self.environ |= {"PYTHONPATH": str(copy.parent), "PYTHONSAFEPATH": "1"}

    def change(self, *changes: tuple[str, str, str]) -> None:
        """Serve another version of the app; further changes are (file, old, new)."""
        words = self.app / "problem.js"
        words.write_text(words.read_text("utf-8") + "void 0; // changed\n", "utf-8")
        for name, old, new in changes:
            source = (self.app / name).read_text("utf-8")
            assert old in source
            (self.app / name).write_text(source.replace(old, new), "utf-8")
        self.stop()
        self.start()
