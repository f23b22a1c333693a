"""Clients of a TLS server: one that trusts an authority, one that speaks old TLS."""

import http.client
import ssl
import warnings
from contextlib import closing
from pathlib import Path


def trusting(authority: Path | None) -> ssl.SSLContext:
    """A client's context that trusts this authority alone; None: nobody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # As Python 3.13 does by default: RFC 5280 to the letter.
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    if authority is not None:
        context.load_verify_locations(authority)
    return context


def speaking_only(authority: Path, version: ssl.TLSVersion) -> ssl.SSLContext:
    """A client that knows one version of TLS and minds no weak cipher."""
    context = trusting(authority)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = version
        context.maximum_version = version
    return context


def status_over_tls(
    host: str, port: int, path: str, context: ssl.SSLContext, **headers: str
) -> int:
    link = http.client.HTTPSConnection(host, port, timeout=30, context=context)
    with closing(link):
        link.request("GET", path, headers=headers)
        return link.getresponse().status
