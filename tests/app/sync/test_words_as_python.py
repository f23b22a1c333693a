"""A tablet says of a failed sync what a laptop says of it."""

import json
from pathlib import Path

import pytest
from node import run_node

from fieldkit.link.transport import LinkDown, ProtocolBroken, ServerBusy
from fieldkit.runner.exchange import ReceiptNotBelieved
from fieldkit.runner.lock import SyncRunning, only_sync
from geo.errors import Message
from sync import errors


def laptop_says(tmp_path: Path) -> dict[str, list[str]]:
    failures = (
        LinkDown("x"),
        ServerBusy(503, None),
        ProtocolBroken("x"),
        ReceiptNotBelieved("x"),
    )
    said = {failure.code: both(failure.message) for failure in failures}
    lock = tmp_path / "lock"
    with only_sync(lock), pytest.raises(SyncRunning) as running, only_sync(lock):
        pass
    said[SyncRunning.code] = both(running.value.message)
    for kind in errors.ProtocolError.__subclasses__():
        said[kind.code] = both(kind.message)
    return said


def both(message: Message) -> list[str]:
    return [message.zh, message.en]


def test_every_failure_has_the_same_words_on_a_tablet(tmp_path: Path) -> None:
    ran = run_node(str(Path(__file__).with_name("say.mjs")))
    assert ran.returncode == 0, ran.stderr
    tablet_says = json.loads(ran.stdout)
    laptop = laptop_says(tmp_path)
    assert tablet_says == {code: laptop[code] for code in tablet_says}
    assert len(tablet_says) == 14
