"""Signing in by signature: a token is had whenever the server wants a newer one.

The device's clock plays no part: a token is used until the server says no.
"""

from collections.abc import Callable
from typing import TypeVar

from fieldkit.link.transport import (
    RequestRefused,
    SignInExpired,
    SignInRefused,
    Transport,
)
from fieldkit.outbox import DeviceIdentity
from sync.enrol import make_token_proof
from sync.keys import SigningKey

T = TypeVar("T")


class SignIn:
    """One device's standing sign-in with its server.

    Parameters
    ----------
    identity : DeviceIdentity
        With the token last used, if there was one.
    load_key : callable
        Fetches the device's key, when a signature is wanted and not before.
    keep_token : callable
        Told each new token, to be used by later syncs.
    """

    def __init__(
        self,
        transport: Transport,
        identity: DeviceIdentity,
        load_key: Callable[[], SigningKey],
        keep_token: Callable[[str], None] = lambda _token: None,
    ) -> None:
        self.identity = identity
        self._transport = transport
        self._load_key = load_key
        self._token = identity.token
        self._keep_token = keep_token

    def call(self, ask: Callable[[str], T]) -> T:
        """Return ``ask(token)``; a token that has run out is renewed once.

        Raises
        ------
        SignInRefused
            The server does not accept this device, or not even a new token.
        TransportError
            Whatever else `ask` raises.
        """
        if self._token is not None:
            try:
                return ask(self._token)
            except SignInExpired:
                self._token = None
        token = self._renewed()
        try:
            return ask(token)
        except SignInExpired as refusal:
            raise SignInRefused(refusal.message) from refusal

    def _renewed(self) -> str:
        try:
            self._token = self._signed_in()
        except (SignInExpired, RequestRefused) as refusal:
            raise SignInRefused(refusal.message) from refusal
        self._keep_token(self._token)
        return self._token

    def _signed_in(self) -> str:
        device_id = self.identity.device_id
        challenge = self._transport.challenge(device_id)
        proof = make_token_proof(
            self._load_key(), challenge=challenge, device_id=device_id
        )
        return self._transport.token(self.identity.certificate, proof)
