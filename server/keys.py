"""The server's signing key and its list of revocations, kept apart from the database.

A database that is restored from an older backup forgets who was revoked since;
these files do not, so they are backed up on their own.
"""

import json
import os
import secrets
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from geo.errors import Message
from server.durable_files import sync_folder
from server.errors import KeyFault
from server.journal import append_line, read_lines
from sync.errors import ProtocolError
from sync.jws import SigningKey

KEY_FILE = "server.pem"
REVOCATIONS_FILE = "revocations.jsonl"


@dataclass(frozen=True, slots=True)
class Revocation:
    """A device that is no longer trusted, but for records up to a named one."""

    device_id: str
    revoked_at: str
    trusted_seq: int | None = None
    trusted_hash: str | None = None


def require_server_key(folder: Path) -> SigningKey:
    """Return the server's key, drawn on the first call and then always the same.

    Raises
    ------
    KeyFault
        The file is no private key, or others than its owner may read it.
    """
    path = folder / KEY_FILE
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _keep_new_key(path)
    return _read_key(path)


def load_server_key(folder: Path) -> SigningKey:
    """Return the server's key.

    Raises
    ------
    KeyFault
        There is none (``gi-server init`` was not run), or it cannot be used.
    """
    path = folder / KEY_FILE
    if not path.exists():
        raise KeyFault(
            "server-key-missing",
            Message(
                zh=f"没有服务器密钥 {path}：请运行 gi-server init",
                en=f"there is no server key at {path}: run gi-server init",
            ),
        )
    return _read_key(path)


def keep_revocation(folder: Path, revocation: Revocation) -> None:
    """Append a revocation durably; it outlives any restore of the database."""
    append_line(folder / REVOCATIONS_FILE, json.dumps(asdict(revocation)))


def kept_revocations(folder: Path) -> dict[str, Revocation]:
    """Return the revocation of every device that has one; the latest counts.

    A line without its end was cut off by a crash: nobody was told of it.
    """
    lines = read_lines(folder / REVOCATIONS_FILE)
    kept = (Revocation(**json.loads(line)) for line in lines)
    return {revocation.device_id: revocation for revocation in kept}


def _keep_new_key(path: Path) -> None:
    pem = SigningKey(ec.generate_private_key(ec.SECP256R1())).to_pem()
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, pem)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)  # of two processes that start at once, one wins
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)


def _read_key(path: Path) -> SigningKey:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFault(
            "server-key-exposed",
            Message(
                zh=f"其他用户可以读取服务器密钥 {path}：请设为 0600",
                en=f"others may read the server key {path}: set it to 0600",
            ),
        )
    try:
        return SigningKey.from_pem(path.read_bytes())
    except (OSError, ValueError, TypeError, ProtocolError) as fault:
        raise KeyFault(
            "server-key-unreadable",
            Message(
                zh=f"无法读取服务器密钥 {path}",
                en=f"{path} holds no usable private key",
            ),
        ) from fault
