"""A whole server in memory, by the protocol's own rules: the runner's far end.

It keeps the ledger of ``sync.ingest`` and signs what a server signs. There is
no network in between, so a test says where an exchange breaks.
"""

import copy
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from fieldkit.link.transport import (
    BlobState,
    Enrolled,
    PushReply,
    RequestRefused,
    ServerInfo,
    SignInExpired,
    StatusPage,
)
from geo.errors import Message
from schemas.record import explain
from sync.clock import instant_text
from sync.enrol import (
    check_proof,
    check_token_proof,
    make_certificate,
    make_challenge,
    make_token,
    open_certificate,
    open_token,
)
from sync.epoch import next_epoch, was_restored
from sync.errors import MalformedJws, ProtocolError
from sync.ingest import Candidate, ingest, reconsider
from sync.keys import SigningKey, VerifyingKey
from sync.ledger_port import DeviceStanding, DeviceState
from sync.memory import MemoryLedger
from sync.outcome import ItemOutcome
from sync.parts import PART_BYTES, missing
from sync.receipt import make_blob_receipt, make_receipt, open_receipt
from sync.record import OpenedRecord, open_record
from sync.reference import DocumentRef, make_manifest

NOW = datetime(2023, 12, 3, 8, 0, tzinfo=UTC)
UNIT = ("360734", "寻乌县市场监督管理局")
OFFICERS = [
    {"name": "张三", "certificate_no": "360734001"},
    {"name": "李四", "certificate_no": "360734002"},
]


def key_of(name: str) -> SigningKey:
    """The same name gives the same key."""
    return SigningKey.from_random(name.encode().ljust(48, b"."))


@dataclass
class Store:
    """All that a backup of the server would hold."""

    epoch: int = 1
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    receipts: dict[str, str] = field(default_factory=dict)
    certificates: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str | None] = field(default_factory=dict)
    parts: dict[tuple[str, str], dict[int, bytes]] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)


class MemoryServer:
    """A `fieldkit.link.transport.Transport` that is the server itself.

    Attributes
    ----------
    calls : list of str
        The name of every call, in order, answered or not.
    before, after : callable
        Run around each call with its name; what they raise is what the device
        sees. Raising in `after` is a reply lost after the commit.
    """

    def __init__(self, name: str = "bureau") -> None:
        self.key = key_of(name)
        self.receipt_key = self.key
        self.store = Store()
        self.now = NOW
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda _name: None
        self.after: Callable[[str], None] = lambda _name: None
        self.documents: dict[str, bytes] = {}
        self.manifest_text = self.sign_manifest(1, {})

    # What officials do

    def issue(self, code: str = "K7QF-3MZP") -> str:
        self.store.codes[code] = None
        return code

    def revoke(self, device_id: str, trusted_seq: int | None = None) -> None:
        trusted = None
        if trusted_seq is not None:
            (row,) = self.store.ledger.held_by_seqs(device_id, [trusted_seq])
            trusted = row.hash
        self.store.ledger.set_device(
            DeviceStanding(
                device_id, UNIT[0], DeviceState.REVOKED, trusted_seq, trusted
            )
        )
        reconsider(self.store.ledger, now=self.now, device_ids=[device_id])

    def publish(self, serial: int, **documents: bytes) -> None:
        self.manifest_text = self.sign_manifest(serial, documents)

    def sign_manifest(
        self,
        serial: int,
        documents: Mapping[str, bytes],
        key: SigningKey | None = None,
    ) -> str:
        refs = [
            DocumentRef(name, "area", "1", hashlib.sha256(body).hexdigest(), len(body))
            for name, body in documents.items()
        ]
        self.documents.update({ref.sha256: documents[ref.name] for ref in refs})
        return make_manifest(
            key or self.key, serial=serial, issued_at=self.now, documents=refs
        )

    def backup(self) -> Store:
        return copy.deepcopy(self.store)

    def restore(self, backup: Store) -> None:
        """As a careless administrator does: the old files back in their place."""
        self.store = copy.deepcopy(backup)

    @property
    def held(self) -> list[str]:
        """The ids of the records held, in the order they came."""
        return [entry.row.id for entry in self.store.ledger.entries.values()]

    # The transport

    @contextmanager
    def open(self, _url: str) -> Iterator[Self]:
        yield self

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        self.calls.append(name)
        self.before(name)
        yield
        self.after(name)

    def server(self) -> ServerInfo:
        with self._call("server"):
            return ServerInfo(
                self.key.public_jwk,
                self.key.thumbprint,
                self.store.epoch,
                instant_text(self.now),
                "in memory",
            )

    def enrol(self, code: str, jwk: Mapping[str, Any], proof: str) -> Enrolled:
        with self._call("enrol"):
            device_key = check_proof(
                proof, code=code, jwk=jwk, server_thumbprint=self.key.thumbprint
            )
            device_id = self._let_in(code, device_key)
            return Enrolled(
                device_id,
                self.store.certificates[device_id],
                self._token(device_id),
                instant_text(self.now),
                self.key.public_jwk,
                self.store.epoch,
                *UNIT,
                OFFICERS,
            )

    def _let_in(self, code: str, device_key: VerifyingKey) -> str:
        if code not in self.store.codes:
            raise _refused(404, "code-unknown")
        device_id = f"dev-{device_key.thumbprint[:8]}"
        if self.store.codes[code] not in (None, device_id):
            raise _refused(409, "code-used")
        self.store.codes[code] = device_id
        self.store.ledger.set_device(DeviceStanding(device_id, UNIT[0]))
        self.store.certificates[device_id] = make_certificate(
            self.key,
            device_id=device_id,
            unit_code=UNIT[0],
            unit_name=UNIT[1],
            officers=OFFICERS,
            jwk=device_key.jwk,
            issued_at=self.now,
            epoch=self.store.epoch,
        )
        return device_id

    def challenge(self, device_id: str) -> str:
        with self._call("challenge"):
            return make_challenge(
                self.key,
                device_id=device_id,
                random_bytes=b"nonce",
                issued_at=self.now,
            )

    def token(self, certificate: str, proof: str) -> str:
        with self._call("token"):
            named = open_certificate(certificate, self.key.verifying_key)
            try:
                check_token_proof(
                    proof,
                    device_id=named.device_id,
                    device_key=VerifyingKey.from_jwk(named.jwk),
                    server_key=self.key.verifying_key,
                    now=self.now,
                )
            except ProtocolError as error:
                raise SignInExpired(error.message) from error
            return self._token(named.device_id)

    def _token(self, device_id: str) -> str:
        expires_at = self.now + timedelta(hours=1)
        return make_token(self.key, device_id=device_id, expires_at=expires_at)

    def _device(self, token: str) -> str:
        try:
            return open_token(token, self.key.verifying_key, self.now)
        except ProtocolError as error:
            raise SignInExpired(error.message) from error

    def push(
        self,
        token: str,
        records: Sequence[str],
        last_receipt: str | None,
        certificate: str,
    ) -> PushReply:
        with self._call("push"):
            device_id = self._device(token)
            self._notice_restore(last_receipt)
            self._know(certificate)
            receipt_id = f"receipt-{len(self.store.receipts) + 1}"
            candidates = [self._candidate(text, device_id) for text in records]
            items = ingest(
                candidates, self.store.ledger, now=self.now, receipt_id=receipt_id
            ).items
            receipts = self._receipts(receipt_id, device_id, items)
            return PushReply(
                self.store.epoch,
                instant_text(self.now),
                receipts,
                tuple(item.to_json() for item in items),
            )

    def _notice_restore(self, last_receipt: str | None) -> None:
        if last_receipt is None:
            return
        receipt = open_receipt(last_receipt, self.key.verifying_key)
        held = {(e.row.id, e.row.hash) for e in self.store.ledger.entries.values()}
        if was_restored(receipt, self.store.epoch, lambda named: set(named) <= held):
            self.store.epoch = next_epoch(self.store.epoch, receipt)

    def _know(self, certificate: str) -> None:
        """A device that a restored ledger does not know shows its certificate."""
        named = open_certificate(certificate, self.key.verifying_key)
        if not self.store.ledger.devices([named.device_id]):
            self.store.ledger.set_device(
                DeviceStanding(named.device_id, named.unit_code, DeviceState.RECOVERED)
            )
        self.store.certificates[named.device_id] = certificate

    def _candidate(self, text: str, device_id: str) -> Candidate:
        try:
            opened = open_record(text)
        except MalformedJws:
            return Candidate(None, "malformed")
        if opened.device_id != device_id:
            return Candidate(opened, "not-your-device")
        named = open_certificate(
            self.store.certificates[device_id], self.key.verifying_key
        )
        if not VerifyingKey.from_jwk(named.jwk).verify(opened.jws):
            return Candidate(opened, "bad-signature")
        faults = explain(opened.payload or {})
        return Candidate(opened, fault=faults[0] if faults else None)

    def _receipts(
        self, receipt_id: str, device_id: str, items: Sequence[ItemOutcome]
    ) -> tuple[str, ...]:
        fresh = [item for item in items if item.receipt_id == receipt_id]
        if fresh:
            self.store.receipts[receipt_id] = make_receipt(
                self.receipt_key,
                receipt_id=receipt_id,
                device_id=device_id,
                epoch=self.store.epoch,
                items=fresh,
                issued_at=self.now,
            )
        named = {item.receipt_id for item in items if item.receipt_id}
        return tuple(self.store.receipts[each] for each in sorted(named))

    def status(self, token: str, after: int) -> StatusPage:
        with self._call("status"):
            device_id = self._device(token)
            events = [
                event
                for event in self.store.ledger.events
                if event.device_id == device_id and event.position > after
            ]
            shown = tuple(_event(event) for event in events[:2])
            end = shown[-1]["position"] if shown else after
            return StatusPage(shown, end, len(events) > len(shown))

    def blob(self, token: str, sha256: str) -> BlobState:
        with self._call("blob"):
            return self._blob_state(self._device(token), sha256)

    def put_part(self, token: str, sha256: str, number: int, part: bytes) -> BlobState:
        with self._call("put_part"):
            device_id = self._device(token)
            self._named_bytes(device_id, sha256)
            self.store.parts.setdefault((device_id, sha256), {})[number] = part
            return self._blob_state(device_id, sha256)

    def _blob_state(self, device_id: str, sha256: str) -> BlobState:
        size = self._named_bytes(device_id, sha256)
        parts = self.store.parts.get((device_id, sha256), {})
        lacking = [] if sha256 in self.store.blobs else missing(parts, size)
        if not lacking and sha256 not in self.store.blobs:
            whole = b"".join(parts[number] for number in sorted(parts))
            self.store.parts.pop((device_id, sha256))
            if hashlib.sha256(whole).hexdigest() == sha256:
                self.store.blobs[sha256] = whole
            else:
                lacking = missing([], size)
        receipt = None
        if not lacking:
            receipt = make_blob_receipt(
                self.receipt_key,
                device_id=device_id,
                epoch=self.store.epoch,
                sha256=sha256,
                bytes=size,
                received_at=self.now,
            )
        return BlobState(sha256, PART_BYTES, tuple(lacking), not lacking, receipt)

    def _named_bytes(self, device_id: str, sha256: str) -> int:
        for opened in self._kept(device_id):
            for blob in (opened.payload or {}).get("blobs", ()):
                if blob["sha256"] == sha256:
                    return int(blob["bytes"])
        raise _refused(404, "blob-not-named")

    def _kept(self, device_id: str) -> list[OpenedRecord]:
        entries = self.store.ledger.entries.values()
        return [open_record(e.compact) for e in entries if e.row.device_id == device_id]

    def manifest(self, token: str) -> str:
        with self._call("manifest"):
            self._device(token)
            return self.manifest_text

    def document(self, token: str, sha256: str) -> bytes:
        with self._call("document"):
            self._device(token)
            return self.documents[sha256]


def _event(event: Any) -> dict[str, Any]:
    reason = event.reason
    return {
        **event._asdict(),
        "reason": None if reason is None else {"zh": reason.zh, "en": reason.en},
    }


def _refused(status: int, code: str) -> RequestRefused:
    return RequestRefused(status, code, Message(zh=code, en=code))
