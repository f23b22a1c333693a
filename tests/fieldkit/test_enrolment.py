"""Enrolling: one code, one key, one device, however often it is tried."""

from dataclasses import replace
from pathlib import Path

import pytest
from journeys.field_device import FieldDevice
from journeys.memory_server import NOW, MemoryServer, key_of

from fieldkit.enrolment import ServerMistaken
from fieldkit.exit_codes import ExitCode
from fieldkit.identities import earlier_identities
from fieldkit.link.transport import Enrolled, LinkDown, RequestRefused
from fieldkit.outbox import open_outbox
from sync.enrol import make_certificate


@pytest.fixture
def server() -> MemoryServer:
    return MemoryServer()


@pytest.fixture
def device(server: MemoryServer, tmp_path: Path) -> FieldDevice:
    return FieldDevice(tmp_path / "device", server.open)


def keys_of(device: FieldDevice) -> set[str]:
    """The thumbprints of the keys in the device's home."""
    names = [file.stem for file in device.home.keys_path.glob("*.signing")]
    return {device.keys.load(name).thumbprint for name in names}


def test_both_thumbprints_are_shown_to_be_compared(
    server: MemoryServer, device: FieldDevice
) -> None:
    enrolment = device.enrol(server, server.issue())
    assert enrolment.server_thumbprint == server.key.thumbprint
    assert {enrolment.device_thumbprint} == keys_of(device)
    with open_outbox(device.home) as outbox:
        identity = outbox.require_identity()
    assert identity == enrolment.identity
    assert identity.unit_code == "360734"
    assert [officer["name"] for officer in identity.officers] == ["张三", "李四"]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_key_is_made_once_however_often_the_answer_is_lost(
    server: MemoryServer, device: FieldDevice, moment: str
) -> None:
    code = server.issue()

    def cut(name: str) -> None:
        if name == "enrol":
            raise LinkDown("cut")

    setattr(server, moment, cut)
    for _ in range(3):
        with pytest.raises(LinkDown):
            device.enrol(server, code)
    setattr(server, moment, lambda _name: None)
    enrolment = device.enrol(server, code)
    assert keys_of(device) == {enrolment.device_thumbprint}
    assert list(server.store.certificates) == [enrolment.identity.device_id]


def test_a_device_not_enrolled_yet_keeps_nothing_but_its_key(
    server: MemoryServer, device: FieldDevice
) -> None:
    with pytest.raises(RequestRefused):
        device.enrol(server, "WRNG-C0DE")
    with open_outbox(device.home) as outbox:
        assert outbox.identity() is None


def test_another_code_makes_another_key_and_keeps_the_earlier_identity(
    server: MemoryServer, device: FieldDevice
) -> None:
    first = device.enrol(server, server.issue("AAAA-AAAA"))
    second = device.enrol(server, server.issue("BBBB-BBBB"))
    assert first.identity.device_id != second.identity.device_id
    assert keys_of(device) == {first.device_thumbprint, second.device_thumbprint}
    with open_outbox(device.home) as outbox:
        assert outbox.require_identity() == second.identity
        assert earlier_identities(outbox) == [replace(first.identity, token=None)]


def test_keys_are_readable_by_their_user_only(
    server: MemoryServer, device: FieldDevice
) -> None:
    device.enrol(server, server.issue())
    modes = {file.stat().st_mode & 0o777 for file in device.home.keys_path.iterdir()}
    assert modes == {0o600}


def test_a_server_whose_key_is_not_the_codes_is_not_enrolled_with(
    server: MemoryServer, device: FieldDevice
) -> None:
    with pytest.raises(ServerMistaken) as refusal:
        device.enrol(server, server.issue(), thumbprint=key_of("other").thumbprint)
    assert refusal.value.exit_code is ExitCode.PROTOCOL
    assert "enrol" not in server.calls


@pytest.mark.parametrize(
    ("signer", "holder"), [("bureau", "somebody else"), ("impostor", None)]
)
def test_a_certificate_that_is_not_the_servers_for_our_key_is_not_taken(
    server: MemoryServer, device: FieldDevice, signer: str, holder: str | None
) -> None:
    inner = server.enrol

    def enrol(code, jwk, proof):  # type: ignore[no-untyped-def]
        answer: Enrolled = inner(code, jwk, proof)
        certificate = make_certificate(
            key_of(signer),
            device_id=answer.device_id,
            unit_code="360734",
            unit_name="寻乌县",
            officers=[],
            jwk=jwk if holder is None else key_of(holder).public_jwk,
            issued_at=NOW,
            epoch=1,
        )
        return replace(answer, certificate=certificate)

    server.enrol = enrol  # type: ignore[method-assign]
    with pytest.raises(ServerMistaken) as refusal:
        device.enrol(server, server.issue())
    assert "证书" in refusal.value.message.zh
    with open_outbox(device.home) as outbox:
        assert outbox.identity() is None
