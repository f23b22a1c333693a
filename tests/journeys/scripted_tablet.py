"""A tablet's own modules in node, told what to do line by line.

Sealing, sync and bundles are the app's; the store is in memory, so it lives as
long as the process.
"""

import base64
import hashlib
import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

from journeys.served import ServedBureau
from node import node_path

from server.tables import record as record_table

SCRIPT = Path(__file__).parents[1] / "app" / "sync" / "tablet.mjs"


class TabletProblem(Exception):
    """What the app rejected with, by its code."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(f"{code}: {en}")
        self.code, self.zh, self.en = code, zh, en


class ScriptedTablet:
    """One tablet, in a process of its own."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [node_path(), str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_exc: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=60) == 0
        self._process.stdout.close()

    def do(self, name: str, **words: Any) -> Any:
        """Do it and return the app's answer; `TabletProblem` if it rejects."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, **words}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the tablet ended"
        answer = json.loads(line)
        if "problem" in answer:
            problem = answer["problem"]
            raise TabletProblem(problem["code"], problem["zh"], problem["en"])
        return answer["ok"]

    def enrol(self, url: str, code: str, thumbprint: str | None = None) -> Any:
        return self.do("enrol", url=url, code=code, thumbprint=thumbprint)

    def record(self, body: dict[str, Any], *photos: bytes) -> str:
        """Seal an observation with these photographs; return its id."""
        texts = [base64.b64encode(content).decode("ascii") for content in photos]
        return str(self.do("record", body=body, photos=texts)["id"])

    def record_many(self, bodies: Sequence[dict[str, Any]]) -> list[str]:
        return [self.record(body) for body in bodies]

    def sync(self, **words: Any) -> Any:
        """Run a sync; return its report, as ``fieldkit sync --json`` prints it."""
        return self.do("sync", **words)["report"]

    @property
    def states(self) -> dict[str, str]:
        return {one["id"]: one["state"] for one in self.do("records")}


def ledger(served: ServedBureau) -> list[tuple[int, str, str]]:
    """What the server holds: (seq, id, hash) of every record, by seq."""
    return sorted(served.rows(record_table, "seq", "id", "hash"))


def chain(tablet: ScriptedTablet) -> list[tuple[int, str, str]]:
    """The same of what the tablet sealed."""
    return [(one["seq"], one["id"], one["hash"]) for one in tablet.do("records")]


def photo(size_bytes: int, seed: int = 0) -> bytes:
    """Bytes that compress as badly as a photograph's."""
    return b"\xff\xd8\xff" + random.Random(seed).randbytes(size_bytes - 3)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
