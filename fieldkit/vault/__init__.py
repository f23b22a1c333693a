"""Encryption at rest: the device key, what it protects, and who may open it."""

from fieldkit.vault.vault import Vault, vault_of

__all__ = ["Vault", "vault_of"]
