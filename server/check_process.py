"""A process beside the worker that checks signatures and schemas.

Both are long computations that need nothing but the record, and the interpreter
lets one thread at a time compute: so full batches are checked here while the worker
takes records apart, derives verdicts and writes. The worker asks by a line of JSON
and is answered by one; the process ends when the worker does, however that ends.
"""

import signal
import subprocess
import sys
import weakref
from collections.abc import Sequence
from typing import IO, NamedTuple

import orjson

from schemas.record import accepts
from sync.keys import VerifyingKey
from sync.record import OpenedRecord, open_record


class Checked(NamedTuple):
    """Whether the key signed a record, and whether the schema accepts it."""

    is_signed: bool
    is_accepted: bool


def checked(key: VerifyingKey, record: OpenedRecord) -> Checked:
    """Check one record, in whichever process."""
    return Checked(key.verify(record.jws), accepts(record.payload))


class CheckProcess:
    """The worker's end, for one thread at a time; the process lives as long as this."""

    def __init__(self) -> None:
        # -P: the working folder may hold anything, and is not to be imported from.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._process.pid
        weakref.finalize(self, _end, self._process)

    def check(self, key: VerifyingKey, records: Sequence[str]) -> list[Checked]:
        """Return what `checked` says of compact JWS, each taken apart once before.

        Raises
        ------
        OSError
            The process is gone; nothing is known of the records.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps([key.jwk, records]) + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer.endswith(b"\n"):
            raise BrokenPipeError("the check process ended")
        return [Checked(*one) for one in orjson.loads(answer)]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()  # it holds nothing that could be lost
    process.communicate()


def answer_all(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer each line until there is no more."""
    for line in questions:
        jwk, texts = orjson.loads(line)
        key = VerifyingKey.from_jwk(jwk)
        opened = (open_record(text, loads=orjson.loads) for text in texts)
        answers.write(orjson.dumps([tuple(checked(key, one)) for one in opened]))
        answers.write(b"\n")
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to answer
    answer_all(sys.stdin.buffer, sys.stdout.buffer)
