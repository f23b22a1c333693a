"""The device's private key, behind a small port.

Today a file, encrypted under the device key; a smart card can take its place by
offering the same two methods.
"""

from typing import Protocol

from fieldkit.disk import sync_folder, write_durably
from fieldkit.errors import NotEnrolled
from fieldkit.home import Home
from fieldkit.vault import Vault, vault_of
from fieldkit.vault.errors import StoreKeyGone
from geo.errors import Message
from sync.at_rest import SIGNING_KEY
from sync.envelope import place_of
from sync.errors import EnvelopeAltered
from sync.jws import SigningKey

_SEALED = ".signing"
_IN_CLEAR = ".pem"


class KeyStore(Protocol):
    """Where a device's signing keys are kept, by device id."""

    def load(self, device_id: str) -> SigningKey:
        """Return the key; `NotEnrolled` if there is none."""

    def save(self, device_id: str, key: SigningKey) -> None:
        """Keep the key durably."""


class PemKeyStore:
    """Keys as PEM under the home's ``keys``, encrypted, one for each device id.

    They are encrypted under the device key alone: nobody else can ever sign as
    this device, the bureau included. A device that enrols anew gets a new id and
    key; the old one stays, for what was sealed with it.
    """

    def __init__(self, home: Home, vault: Vault | None = None) -> None:
        self._folder = home.keys_path
        self._vault = vault or vault_of(home.path)

    def load(self, device_id: str) -> SigningKey:
        """Return the key of that device.

        Raises
        ------
        NotEnrolled
            There is no such key here that opens.
        VaultLocked
            It cannot be opened now.
        """
        try:
            return SigningKey.from_pem(self._pem(device_id))
        except (FileNotFoundError, EnvelopeAltered, StoreKeyGone) as error:
            raise NotEnrolled(
                Message(
                    zh="本设备的密钥不在本机，无法封存新记录。请重新登记本设备；"
                    "已保存的记录仍可上传。",
                    en="The device's key is not on this machine, so nothing new can be "
                    "sealed. Enrol the device anew; saved records can still be sent.",
                )
            ) from error

    def save(self, device_id: str, key: SigningKey) -> None:
        """Keep the key durably, for this device only."""
        self.keep(device_id, key.to_pem())

    def keep(self, device_id: str, pem: bytes) -> None:
        """Keep a key's PEM durably, encrypted."""
        place = place_of(SIGNING_KEY, device_id)
        envelope = self._vault.seal_with_device_key(place, pem)
        write_durably(self._folder / f"{device_id}{_SEALED}", envelope)

    def _pem(self, device_id: str) -> bytes:
        place = place_of(SIGNING_KEY, device_id)
        sealed = self._folder / f"{device_id}{_SEALED}"
        if sealed.exists():
            return self._vault.open_with_device_key(place, sealed.read_bytes())
        # As older versions left it.
        return (self._folder / f"{device_id}{_IN_CLEAR}").read_bytes()


def seal_plain_keys(home: Home, vault: Vault) -> None:
    """Encrypt the keys that an older version left in clear."""
    store = PemKeyStore(home, vault)
    for plain in sorted(home.keys_path.glob(f"*{_IN_CLEAR}")):
        store.keep(plain.stem, plain.read_bytes())
        plain.unlink(missing_ok=True)
        sync_folder(plain.parent)
