"""Where the files of TLS lie, and which pair ``gi-server run`` takes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from geo.errors import Message
from server.errors import TlsFault
from server.settings import Settings
from server.tls.pair import Pair, require_pair


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """The files of the private authority, in the folder of keys.

    ``server.pem`` holds the server's key and certificate both, so that they
    change as one.
    """

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> "OwnFiles":
        """Return those of a home."""
        return cls(settings.keys_folder / "tls")

    @property
    def authority_certificate(self) -> Path:
        """The authority's certificate: what devices are to trust."""
        return self.folder / "authority.crt"

    @property
    def authority_key(self) -> Path:
        """The authority's private key."""
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        """The server's key and certificate."""
        return self.folder / "server.pem"


def serving_pair(settings: Settings, now: datetime) -> Pair | None:
    """Return what to serve with: the pair that is set, else our own; None without TLS.

    Raises
    ------
    TlsFault
        The pair is not fit to serve with, or only one half of it is set
        (``tls-half-set``).
    """
    if not settings.tls:
        return None
    certificate, key = settings.tls_cert, settings.tls_key
    if bool(certificate) != bool(key):
        raise TlsFault(
            "tls-half-set",
            Message(
                zh="--tls-cert 与 --tls-key（GI_TLS_CERT、GI_TLS_KEY）须同时指定",
                en="--tls-cert and --tls-key (GI_TLS_CERT, GI_TLS_KEY) belong "
                "together: give both",
            ),
        )
    if certificate:
        return require_pair(Path(certificate), Path(key), now)
    own = OwnFiles.of(settings).server
    return require_pair(own, own, now) if own.exists() else None


def is_served_by_own_authority(settings: Settings) -> bool:
    """Tell whether `serving_pair` would take the pair of our own authority."""
    own = OwnFiles.of(settings).server
    return settings.tls and not settings.tls_cert and own.exists()


def is_served_over_tls(settings: Settings) -> bool:
    """Tell whether `serving_pair` would find a pair, fit or not."""
    return settings.tls and (
        bool(settings.tls_cert) or is_served_by_own_authority(settings)
    )
