"""Run every benchmark; ``--small`` for a quick look. Each prints ratios."""

import subprocess
import sys

BENCHMARKS = ("origin_check", "local_save", "ingest")


def run(words: list[str]) -> int:
    """Run each in a process of its own, so that peak memory is its own too."""
    failed = 0
    for name in BENCHMARKS:
        print(f"\n== {name}", flush=True)
        failed |= subprocess.run(
            [sys.executable, "-m", f"bench.{name}", *words]
        ).returncode
    return failed


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
