"""Kinto with PostgreSQL, the peer of the ingest bench, in an environment of its own."""

import base64
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PACKAGES = (
    "kinto>=24",
    "psycopg2-binary",
    "SQLAlchemy",
    "transaction",
    "zope.sqlalchemy",
)
AUTHORIZATION = "Basic " + base64.b64encode(b"bench:bench").decode()
HEADERS = {"Authorization": AUTHORIZATION, "Content-Type": "application/json"}
COLLECTION = "/v1/buckets/bench/collections/observations"
SETTINGS = """\
[app:main]
use = egg:kinto
kinto.storage_backend = kinto.core.storage.postgresql
kinto.storage_url = {url}
kinto.permission_backend = kinto.core.permission.postgresql
kinto.permission_url = {url}
kinto.cache_backend = kinto.core.cache.postgresql
kinto.cache_url = {url}
kinto.userid_hmac_secret = bench
multiauth.policies = basicauth
kinto.bucket_create_principals = system.Authenticated
kinto.batch_max_requests = {batch}

[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = {port}
threads = 1
max_request_body_size = 100000000

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = plain
[logger_root]
level = ERROR
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = plain
[formatter_plain]
format = %(message)s
"""


def environment() -> Path:
    """Return the folder of Kinto's programs, installed on the first call."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "gi-fieldkit" / "bench-kinto"
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    if not (home / "complete").exists():
        print(f"setting up Kinto in {home}", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        pip = [programs / "python", "-m", "pip", "install", "-q"]
        subprocess.run([*pip, *PACKAGES], check=True)
        (home / "complete").touch()
    return programs


@contextmanager
def running(database_url: str, folder: Path, batch: int) -> Iterator[int]:
    """Run Kinto on an empty PostgreSQL database; yields its port."""
    programs = environment()
    port = _free_port()
    ini = folder / "kinto.ini"
    ini.write_text(SETTINGS.format(url=database_url, port=port, batch=batch))
    kinto = [str(programs / "kinto")]
    quiet: dict[str, Any] = {"cwd": folder, "stdout": subprocess.DEVNULL}
    subprocess.run([*kinto, "migrate", "--ini", ini], check=True, **quiet)
    log = (folder / "kinto.log").open("wb")
    with subprocess.Popen(
        [*kinto, "start", "--ini", str(ini), "--port", str(port)], stderr=log, **quiet
    ) as process:
        try:
            _wait_until_up(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(30)
            log.close()


def put_all(
    port: int, observations: Sequence[dict[str, Any]], batch: int
) -> Iterator[float]:
    """Put the observations in batches; yields the seconds that each batch took."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    _ask(link, "PUT", "/v1/buckets/bench", {})
    _ask(link, "PUT", COLLECTION, {})
    for start in range(0, len(observations), batch):
        body = {
            "requests": [
                {
                    "method": "PUT",
                    "path": f"{COLLECTION[3:]}/records/{observation['id']}",
                    "headers": {"Authorization": AUTHORIZATION},
                    "body": {"data": observation},
                }
                for observation in observations[start : start + batch]
            ]
        }
        began = time.perf_counter()
        answer = _ask(link, "POST", "/v1/batch", body)
        yield time.perf_counter() - began
        refused = [r for r in answer["responses"] if r["status"] != 201]
        if refused:
            raise RuntimeError(f"Kinto did not take a record: {refused[0]}")
    link.close()


def _ask(
    link: http.client.HTTPConnection, method: str, path: str, body: Any
) -> dict[str, Any]:
    link.request(method, path, json.dumps(body), HEADERS)
    response = link.getresponse()
    answer = json.loads(response.read())
    if response.status >= 300:
        raise RuntimeError(f"Kinto: {method} {path}: {answer}")
    return dict(answer)


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("Kinto did not start; see kinto.log")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
