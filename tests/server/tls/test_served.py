"""``gi-server run`` over TLS: real handshakes, by the command and by nothing else."""

import io
import os
import shutil
import socket
import ssl
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau
from tls_rig import speaking_only, status_over_tls, trusting

from server.cli import main
from server.tls.files import OwnFiles
from server.tls.own import initialise_tls
from server.tls.places import read_places

WHOLE = "/api/v1/server"


class SecureBureau(CommandedBureau):
    """A home with an authority, made and served by its own commands."""

    @property
    def files(self) -> OwnFiles:
        return OwnFiles(self.home / "keys" / "tls")

    @property
    def authority(self) -> Path:
        return self.files.authority_certificate

    def status(self, context: ssl.SSLContext, path: str = WHOLE) -> int:
        return status_over_tls("127.0.0.1", self.port, path, context)

    def served_serial(self) -> int:
        """The serial number of the certificate that the server shows."""
        context = trusting(self.authority)
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as link,
        ):
            return int(str((link.getpeercert() or {})["serialNumber"]), 16)


@pytest.fixture
def bureau(kept_secure_home: Path, tmp_path: Path) -> Iterator[SecureBureau]:
    """One that is not served yet."""
    bureau = SecureBureau(shutil.copytree(kept_secure_home, tmp_path / "home"))
    yield bureau
    bureau.kill()


@pytest.fixture(scope="module")
def served(
    kept_secure_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureBureau]:
    """One server for the tests that leave it as it is."""
    home = tmp_path_factory.mktemp("served") / "home"
    bureau = SecureBureau(shutil.copytree(kept_secure_home, home))
    bureau.start()
    yield bureau
    bureau.stop()


def test_who_trusts_the_authority_is_answered_and_nobody_else(
    served: SecureBureau,
) -> None:
    assert served.url.startswith("https://127.0.0.1:")
    assert served.status(trusting(served.authority)) == 200
    assert served.status(trusting(served.authority), "/readyz") == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        served.status(trusting(None))


def test_names_that_are_not_in_the_certificate_are_not_believed(
    served: SecureBureau,
) -> None:
    context = trusting(served.authority)
    for name, is_believed in (("gi.xunwu.lan", True), ("evil.lan", False)):
        with socket.create_connection(("127.0.0.1", served.port), timeout=30) as plain:
            try:
                context.wrap_socket(plain, server_hostname=name).close()
            except ssl.SSLCertVerificationError:
                assert not is_believed
            else:
                assert is_believed


def test_old_versions_of_tls_are_refused(served: SecureBureau) -> None:
    for version, is_taken in (
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ):
        client = speaking_only(served.authority, version)
        if is_taken:
            assert served.status(client) == 200
        else:
            with pytest.raises(ssl.SSLError) as refusal:
                served.status(client)
            assert "ALERT_PROTOCOL_VERSION" in str(refusal.value)


def test_a_link_that_falls_silent_does_not_hold_a_thread_for_ever(
    bureau: SecureBureau,
) -> None:
    """Before the handshake, and in the middle of a request."""
    bureau.environ |= {"GI_IDLE_SECONDS": "1", "GI_THREADS": "2"}
    bureau.start()
    head = (
        b"POST /api/v1/devices/challenge HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\nContent-Length: 100\r\n"
        b"Connection: close\r\n\r\n{"
    )
    place = ("127.0.0.1", bureau.port)
    context = trusting(bureau.authority)
    half_hello = b"\x16\x03\x01\x02\x00\x01"
    with (
        socket.create_connection(place, timeout=60) as mute,
        socket.create_connection(place, timeout=60) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as link,
    ):
        mute.sendall(half_hello)
        link.sendall(head)
        answer = b"".join(iter(lambda: link.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 400")
        assert b"body-truncated" in answer
        assert _rest_of(mute) == b""


def _rest_of(link: socket.socket) -> bytes:
    try:
        return b"".join(iter(lambda: link.recv(65536), b""))
    except ConnectionResetError:
        return b""


def test_plain_http_on_the_tls_port_harms_nobody(served: SecureBureau) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1 200" not in _rest_of(plain)
    assert served.status(trusting(served.authority)) == 200


def test_no_browser_is_told_to_insist_on_tls(served: SecureBureau) -> None:
    """HSTS would lock a county out of its server once the authority is gone."""
    context = trusting(served.authority)
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as link,
    ):
        link.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"strict-transport-security" not in answer.lower()


def test_a_renewed_certificate_is_served_without_a_restart(
    bureau: SecureBureau,
) -> None:
    bureau.start()
    first = bureau.served_serial()
    renewed = bureau.do("tls", "renew", "--name", "gi.xunwu.lan")
    assert "A new certificate was made" in renewed
    assert bureau.served_serial() != first
    assert bureau.status(trusting(bureau.authority)) == 200


def test_what_tls_show_tells_is_what_is_served(bureau: SecureBureau) -> None:
    told = bureau.ask("tls", "show", "--json")
    assert told["certificate"]["names"] == ["gi.xunwu.lan", "localhost"]
    assert told["certificate"]["addresses"] == ["192.168.1.10", "127.0.0.1", "::1"]
    words = bureau.do("tls", "show")
    for one in ("authority", "certificate"):
        assert told[one]["sha256"] in words
    assert told["authority"]["sha1"] in words


def refusal_here(
    bureau: SecureBureau, *args: str, monkeypatch: pytest.MonkeyPatch
) -> str:
    """Run a command that is refused in this process; return what it says."""
    said = io.StringIO()
    with monkeypatch.context() as patch, redirect_stderr(said):
        for name, value in bureau.environ.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["gi-server", *args])
        with pytest.raises(SystemExit) as ended:
            main()
    assert ended.value.code == 5
    return said.getvalue()


def refusal(bureau: SecureBureau, *args: str) -> str:
    """Run a command that is refused in a process of its own."""
    refused = bureau.run(*args)
    assert refused.returncode == 5
    assert "Traceback" not in refused.stderr
    return refused.stderr


def test_an_unfit_pair_ends_in_words_before_anything_is_served(
    bureau: SecureBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = partial(refusal_here, bureau, "run", "--port", "0", monkeypatch=monkeypatch)
    own = bureau.files.server
    own.chmod(0o640)
    assert "others may read the key" in refusal(bureau, "run", "--port", "0")
    bureau.environ["GI_LANG"] = "zh"
    assert "chmod 600" in here()
    bureau.environ["GI_LANG"] = "en"
    own.chmod(0o600)
    another = str(bureau.files.authority_key)
    assert "does not belong" in here("--tls-cert", str(own), "--tls-key", another)
    assert "give both" in here("--tls-cert", str(own))


@pytest.mark.parametrize(
    ("pem", "zh", "en"),
    [
        ("expired.pem", "过期", "expired on 2021"),
        ("noise.pem", "PEM 格式", "PEM is needed"),
        ("nothing.pem", "无法使用", "cannot be used"),
    ],
)
def test_what_is_expired_or_unreadable_is_refused_in_both_languages(
    bureau: SecureBureau,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pem: str,
    zh: str,
    en: str,
) -> None:
    path = tmp_path / pem
    if pem == "expired.pem":
        write_expired(path)
    if pem == "noise.pem":
        path.write_text("no PEM")
        path.chmod(0o600)
    command = ("run", "--port", "0", "--tls-cert", str(path), "--tls-key", str(path))
    said = refusal(bureau, *command)
    bureau.environ["GI_LANG"] = "zh"
    said_in_chinese = refusal_here(bureau, *command, monkeypatch=monkeypatch)
    assert (en in said, zh in said_in_chinese) == (True, True)
    assert (str(path) in said, str(path) in said_in_chinese) == (True, True)


def write_expired(path: Path) -> None:
    """Write a pair that was good in 2020."""
    past = datetime(2020, 5, 1, tzinfo=UTC)
    elsewhere = OwnFiles(path.parent / "2020")
    initialise_tls(elsewhere, "寻乌县局", read_places([], []), 397, past)
    path.write_bytes(elsewhere.server.read_bytes())
    path.chmod(0o600)


def test_without_tls_it_serves_http_and_says_so_where_others_listen(
    bureau: SecureBureau, tmp_path: Path
) -> None:
    bureau.options = ("--no-tls", "--host", "0.0.0.0")
    bureau.start()
    assert bureau.scheme == "http"
    log = (tmp_path / "server.log").read_text("utf-8")
    assert "gi-server tls init" in log


def test_a_pair_of_another_authority_is_served_by_its_settings(
    bureau: SecureBureau, kept_home: Path, tmp_path: Path
) -> None:
    other = SecureBureau(shutil.copytree(kept_home, tmp_path / "other"))
    other.do("tls", "init", "--name", "elsewhere.lan")
    pem = str(other.files.server)
    bureau.environ |= {"GI_TLS_CERT": pem, "GI_TLS_KEY": pem}
    bureau.start()
    assert bureau.status(trusting(other.authority)) == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        bureau.status(trusting(bureau.authority))


def test_tls_without_a_home_says_what_to_run_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bureau = SecureBureau(tmp_path / "nowhere")
    assert "gi-server" in refusal(bureau, "tls", "init")
    for word in ("show", "renew"):
        assert "gi-server" in refusal_here(bureau, "tls", word, monkeypatch=monkeypatch)
    assert not os.path.exists(bureau.home)
