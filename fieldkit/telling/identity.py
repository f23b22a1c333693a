"""Who the device is, as the field app is told."""

from typing import Any

from fieldkit.outbox import DeviceIdentity
from sync.enrol import open_certificate
from sync.errors import ProtocolError
from sync.keys import VerifyingKey


def identity_entry(identity: DeviceIdentity) -> dict[str, Any]:
    """Return what may be shown: thumbprints, no token and no key.

    ``thumbprint`` is the device's own key's; null if its certificate is not
    one of its server's.
    """
    server_key = VerifyingKey.from_jwk(identity.server_jwk)
    return {
        "device_id": identity.device_id,
        "unit_code": identity.unit_code,
        "unit_name": identity.unit_name,
        "officers": [dict(officer) for officer in identity.officers],
        "server_url": identity.server_url,
        "server_thumbprint": server_key.thumbprint,
        "thumbprint": _own_thumbprint(identity, server_key),
        "enrolled_at": identity.enrolled_at,
    }


def _own_thumbprint(identity: DeviceIdentity, server_key: VerifyingKey) -> str | None:
    try:
        certificate = open_certificate(identity.certificate, server_key)
        return VerifyingKey.from_jwk(certificate.jwk).thumbprint
    except ProtocolError:
        return None
