"""A keyring of one test's session, as the ``keyring`` package drives any other."""

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class SessionKeyring(KeyringBackend):
    """Keeps passwords in memory; it can be locked, as a desktop's can."""

    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._require_unlocked()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._require_unlocked()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._require_unlocked()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _require_unlocked(self) -> None:
        if self.is_locked:
            raise KeyringLocked
