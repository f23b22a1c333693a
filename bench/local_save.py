"""Durable local save: `record` in-process, sealed, against one 4 kB write.

Both happen in turn on the same disk, so that what the disk does to one it does
to the other. The save is the whole of it: completed, validated, signed, chained,
encrypted and committed with ``synchronous=FULL``; the peer writes 4096 bytes to the
end of a file and calls ``fdatasync``. First bar: p50 at most 4 times the peer's; aim 2.
"""

import argparse
import hashlib
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from fieldkit.capture import Recorder, ReferenceVersions
from fieldkit.home import open_home
from fieldkit.keys import PemKeyStore
from fieldkit.outbox import DeviceIdentity, open_outbox
from schemas.codes import code_list
from sync.keys import SigningKey

FIRST_BAR, AIM = 4.0, 2.0
WARM_UP = 50
BLOCK = b"\x5a" * 4096
DEVICE_ID = "018c0000-0000-7000-8000-00000000abcd"
VERSIONS = ReferenceVersions(
    code_list().version,
    lambda _day: {"gannan-navel-orange": {"version": "1", "sha256": "ab" * 32}},
)


def identity() -> DeviceIdentity:
    """Return the identity of a device that no server knows."""
    return DeviceIdentity(
        device_id=DEVICE_ID,
        unit_code="360734",
        unit_name="寻乌县",
        officers=({"name": "甲某", "certificate_no": "36073400001"},) * 2,
        server_url="http://127.0.0.1:9",
        server_jwk={},
        certificate="",
        epoch=1,
        enrolled_at="2023-11-01T00:00:00.000Z",
    )


def observation() -> dict[str, Any]:
    """Return the Xunwu observation, its photograph left out."""
    text = files("schemas").joinpath("examples", "xunwu_input.json").read_text("utf-8")
    body: dict[str, Any] = json.loads(text)
    return body | {"evidence": []}


def timed_ms(action: Callable[[], object]) -> float:
    """Return how long one call takes, in milliseconds."""
    begun = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - begun) / 1e6


def measure(folder: Path, rounds: int) -> tuple[list[float], list[float], int]:
    """Return the times of the saves and of the peer's writes, and the JWS's size."""
    home = open_home(folder / "device")
    seed = hashlib.sha384(b"bench").digest()
    PemKeyStore(home).save(DEVICE_ID, SigningKey.from_random(seed))
    body = observation()
    peer = os.open(folder / "peer", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)

    def write_and_sync() -> None:
        os.write(peer, BLOCK)
        os.fdatasync(peer)

    with open_outbox(home) as outbox:
        outbox.set_identity(identity())
        recorder = Recorder(home, outbox, VERSIONS)
        saves, writes = [], []
        for _ in range(rounds + WARM_UP):
            saves.append(timed_ms(lambda: recorder.record(body)))
            writes.append(timed_ms(write_and_sync))
        assert outbox.head().seq == rounds + WARM_UP
        size = len(outbox.records()[-1].compact)
    os.close(peer)
    return saves[WARM_UP:], writes[WARM_UP:], size


def percentile(times: list[float], percent: int) -> float:
    """Return a percentile of the times."""
    return statistics.quantiles(times, n=100)[percent - 1]


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--folder", help="where to write; a real disk, no tmpfs")
    options = parser.parse_args()
    rounds = 300 if options.small else 3000
    # The keys are in the process after the first save, whatever protects them.
    os.environ["FIELDKIT_PROTECTION"] = "key-file"
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        saves, writes, size = measure(Path(folder), rounds)
    print(f"{rounds} saves of a record of {size} bytes, a write after each")
    for name, times in (("record, sealed", saves), ("4 kB + fdatasync", writes)):
        p50, p95 = statistics.median(times), percentile(times, 95)
        print(f"  {name:17} p50 {p50:7.3f} ms   p95 {p95:7.3f} ms")
    ratio = statistics.median(saves) / statistics.median(writes)
    print(f"  ratio of the p50  {ratio:.2f} (first bar {FIRST_BAR:g}, aim {AIM:g})")
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory       {peak_mib:.0f} MiB")


if __name__ == "__main__":
    main()
