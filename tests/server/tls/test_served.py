"""``gi-server run`` over TLS: real handshakes, by the command and by nothing else."""

import os
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from journeys.commanded import CommandedBureau
from tls_rig import speaking_only, status_over_tls, trusting

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
def bureau(tmp_path: Path) -> Iterator[SecureBureau]:
    bureau = SecureBureau(tmp_path / "home")
    bureau.do("init")
    bureau.do("tls", "init", "--name", "gi.xunwu.lan", "--address", "192.168.1.10")
    yield bureau
    bureau.kill()


def test_who_trusts_the_authority_is_answered_and_nobody_else(
    bureau: SecureBureau,
) -> None:
    bureau.start()
    assert bureau.url.startswith("https://127.0.0.1:")
    assert bureau.status(trusting(bureau.authority)) == 200
    assert bureau.status(trusting(bureau.authority), "/readyz") == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        bureau.status(trusting(None))
    bureau.stop()


def test_names_that_are_not_in_the_certificate_are_not_believed(
    bureau: SecureBureau,
) -> None:
    bureau.start()
    context = trusting(bureau.authority)
    for name, is_believed in (("gi.xunwu.lan", True), ("evil.lan", False)):
        with socket.create_connection(("127.0.0.1", bureau.port), timeout=30) as plain:
            try:
                context.wrap_socket(plain, server_hostname=name).close()
            except ssl.SSLCertVerificationError:
                assert not is_believed
            else:
                assert is_believed


def test_old_versions_of_tls_are_refused(bureau: SecureBureau) -> None:
    bureau.start()
    for version, is_taken in (
        (ssl.TLSVersion.TLSv1, False),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ):
        client = speaking_only(bureau.authority, version)
        if is_taken:
            assert bureau.status(client) == 200
        else:
            with pytest.raises(ssl.SSLError) as refusal:
                bureau.status(client)
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


def test_plain_http_on_the_tls_port_harms_nobody(bureau: SecureBureau) -> None:
    bureau.start()
    with socket.create_connection(("127.0.0.1", bureau.port), timeout=60) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"HTTP/1.1 200" not in _rest_of(plain)
    assert bureau.status(trusting(bureau.authority)) == 200


def test_no_browser_is_told_to_insist_on_tls(bureau: SecureBureau) -> None:
    """HSTS would lock a county out of its server once the authority is gone."""
    bureau.start()
    context = trusting(bureau.authority)
    with (
        socket.create_connection(("127.0.0.1", bureau.port), timeout=30) as plain,
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


def test_an_unfit_pair_ends_in_words_before_anything_is_served(
    bureau: SecureBureau, tmp_path: Path
) -> None:
    own = bureau.files.server
    own.chmod(0o640)
    for language, words in (("zh", "chmod 600"), ("en", "others may read the key")):
        bureau.environ["GI_LANG"] = language
        refused = bureau.run("run", "--port", "0")
        assert refused.returncode == 5
        assert words in refused.stderr
    own.chmod(0o600)
    options = ("--tls-cert", str(own), "--tls-key", str(bureau.files.authority_key))
    mismatched = bureau.run("run", "--port", "0", *options)
    assert mismatched.returncode == 5
    assert "does not belong" in mismatched.stderr
    half = bureau.run("run", "--port", "0", "--tls-cert", str(own))
    assert half.returncode == 5
    assert "give both" in half.stderr


def test_what_is_expired_or_unreadable_is_refused_in_both_languages(
    bureau: SecureBureau, tmp_path: Path
) -> None:
    expired, noise = tmp_path / "expired.pem", tmp_path / "noise.pem"
    write_expired(expired)
    noise.write_text("no PEM")
    noise.chmod(0o600)
    for pem, zh, en in (
        (expired, "过期", "expired on 2021"),
        (noise, "PEM 格式", "PEM is needed"),
        (tmp_path / "nothing.pem", "无法使用", "cannot be used"),
    ):
        for language, words in (("zh", zh), ("en", en)):
            bureau.environ["GI_LANG"] = language
            options = ("--tls-cert", str(pem), "--tls-key", str(pem))
            refused = bureau.run("run", "--port", "0", *options)
            assert refused.returncode == 5
            assert words in refused.stderr
            assert str(pem) in refused.stderr
            assert "Traceback" not in refused.stderr


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
    bureau: SecureBureau, tmp_path: Path
) -> None:
    other = SecureBureau(tmp_path / "other")
    other.do("init")
    other.do("tls", "init", "--name", "elsewhere.lan")
    pem = str(other.files.server)
    bureau.environ |= {"GI_TLS_CERT": pem, "GI_TLS_KEY": pem}
    bureau.start()
    assert bureau.status(trusting(other.authority)) == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        bureau.status(trusting(bureau.authority))


def test_tls_without_a_home_says_what_to_run_first(tmp_path: Path) -> None:
    bureau = SecureBureau(tmp_path / "nowhere")
    for words in (("tls", "init"), ("tls", "show"), ("tls", "renew")):
        refused = bureau.run(*words)
        assert refused.returncode == 5
        assert "gi-server" in refused.stderr
    assert not os.path.exists(bureau.home)
