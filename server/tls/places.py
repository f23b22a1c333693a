"""The names and addresses under which devices reach a server on a county's LAN."""

import ipaddress
import re
import socket
import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography import x509

from geo.errors import Message
from server.errors import TlsFault

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LOCAL_NAME = "localhost"
LOCAL_ADDRESSES: tuple[Address, ...] = (
    ipaddress.ip_address("127.0.0.1"),
    ipaddress.ip_address("::1"),
)
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*").fullmatch
_MAX_NAME = 253
_SIOCGIFADDR = 0x8915  # Linux: an interface's IPv4 address


@dataclass(frozen=True, slots=True)
class Places:
    """Host names in lower case, and addresses; this machine's own loopback aside."""

    names: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()

    @property
    def all_names(self) -> tuple[str, ...]:
        """With ``localhost``."""
        return tuple(dict.fromkeys((*self.names, LOCAL_NAME)))

    @property
    def all_addresses(self) -> tuple[Address, ...]:
        """With the loopback addresses."""
        return tuple(dict.fromkeys((*self.addresses, *LOCAL_ADDRESSES)))

    def urls(self, port: int) -> list[str]:
        """Return the https addresses that devices could use, the likeliest first.

        A name without a domain, or below ``.local``, is unknown to many devices.
        """
        known = [n for n in self.names if "." in n and not n.endswith(".local")]
        hosts = [
            *known,
            *(f"[{a}]" if a.version == 6 else str(a) for a in self.addresses),
            *(name for name in self.names if name not in known),
        ]
        return [f"https://{host}:{port}" for host in hosts]


def read_places(names: Iterable[str], addresses: Iterable[str]) -> Places:
    """Return what somebody typed, each once.

    Raises
    ------
    TlsFault
        ``tls-name`` or ``tls-address``, naming the one that is wrong.
    """
    return Places(
        tuple(dict.fromkeys(_name(text) for text in names)),
        tuple(dict.fromkeys(_address(text) for text in addresses)),
    )


def places_here() -> Places:
    """Return what this machine calls itself, and its IPv4 addresses on networks."""
    host = socket.gethostname().lower()
    names = [host] if _NAME(host) and host != LOCAL_NAME else []
    if names and "." not in host:
        names.append(f"{host}.local")  # as mDNS has it
    found = [one for one in _addresses() if not one.is_loopback]
    return Places(tuple(names), tuple(dict.fromkeys(found)))


def places_of(certificate: x509.Certificate) -> Places:
    """Return the places that a certificate was made for, the loopback aside."""
    try:
        held = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        ).value
    except x509.ExtensionNotFound:
        return Places()
    names: Sequence[str] = held.get_values_for_type(x509.DNSName)
    addresses = held.get_values_for_type(x509.IPAddress)
    return Places(
        tuple(name for name in names if name != LOCAL_NAME),
        tuple(one for one in addresses if one not in LOCAL_ADDRESSES),  # type: ignore[misc]
    )


def _name(text: str) -> str:
    name = text.strip().lower().rstrip(".")
    if len(name) > _MAX_NAME or not _NAME(name) or name[-1].isdigit():
        raise TlsFault(
            "tls-name",
            Message(
                zh=f"--name {text} 不是主机名：只写字母、数字和连字符，"
                "如 gi.xunwu.lan；IP 地址请用 --address",
                en=f"--name {text} is no host name: letters, digits and hyphens such "
                "as gi.xunwu.lan; an IP address goes to --address",
            ),
        )
    return name


def _address(text: str) -> Address:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        found = None
    if found is None or found.is_unspecified or found.is_multicast:
        raise TlsFault(
            "tls-address",
            Message(
                zh=f"--address {text} 不是一台机器的 IP 地址，应如 192.168.1.10",
                en=f"--address {text} is not a machine's IP address such as "
                "192.168.1.10",
            ),
        )
    return found


def _addresses() -> list[Address]:
    if sys.platform != "linux":
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        return [ipaddress.ip_address(str(place[0])) for *_kind, place in found]
    return [
        address
        for _number, interface in socket.if_nameindex()
        if (address := _address_of(interface)) is not None
    ]


def _address_of(interface: str) -> Address | None:
    """Return the IPv4 address of a Linux interface; None: it has none."""
    import fcntl

    asked = struct.pack("256s", interface.encode()[:15])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            told = fcntl.ioctl(any_socket.fileno(), _SIOCGIFADDR, asked)
        except OSError:
            return None
    return ipaddress.ip_address(told[20:24])
