"""The device's private key, behind a small port.

Today a PEM file that only the user can read; a keyring or a smart card can take
its place by offering the same two methods.
"""

from typing import Protocol

from fieldkit.disk import write_durably
from fieldkit.errors import NotEnrolled
from fieldkit.home import Home
from geo.errors import Message
from sync.jws import SigningKey


class KeyStore(Protocol):
    """Where a device's signing keys are kept, by device id."""

    def load(self, device_id: str) -> SigningKey:
        """Return the key; `NotEnrolled` if there is none."""

    def save(self, device_id: str, key: SigningKey) -> None:
        """Keep the key durably."""


class PemKeyStore:
    """Keys as PEM files under the home's ``keys`` (0600), one for each device id.

    A device that enrols anew gets a new id and key; the old one stays, for what
    was sealed with it.
    """

    def __init__(self, home: Home) -> None:
        self._folder = home.keys_path

    def load(self, device_id: str) -> SigningKey:
        """Return the key of that device.

        Raises
        ------
        NotEnrolled
            There is no such key here.
        """
        try:
            pem = (self._folder / f"{device_id}.pem").read_bytes()
        except FileNotFoundError as error:
            raise NotEnrolled(
                Message(
                    zh="本设备的密钥不在本机，无法封存新记录。请重新登记本设备；"
                    "已保存的记录仍可上传。",
                    en="The device's key is not on this machine, so nothing new can be "
                    "sealed. Enrol the device anew; saved records can still be sent.",
                )
            ) from error
        return SigningKey.from_pem(pem)

    def save(self, device_id: str, key: SigningKey) -> None:
        """Keep the key durably, readable by the user only."""
        write_durably(self._folder / f"{device_id}.pem", key.to_pem(), mode=0o600)
