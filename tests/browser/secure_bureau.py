"""A bureau with an authority of its own, and tablets that were told to trust it."""

import os
import subprocess
from pathlib import Path
from typing import Self

from browser.chromium import find_certutil
from journeys.commanded import CommandedBureau

NAME = "gi.xunwu.lan"


class SecureBureau(CommandedBureau):
    """A home that ``tls init`` was run on; served under a name of the LAN."""

    def __enter__(self) -> Self:
        self.do("init")
        self.do("tls", "init", "--name", NAME)
        self.start()
        self.environ["GI_PUBLIC_URL"] = self.site
        return self

    @property
    def site(self) -> str:
        """The address that the tablets of the LAN know."""
        return f"https://{NAME}:{self.port}"

    @property
    def authority(self) -> Path:
        return self.home / "keys" / "tls" / "authority.crt"


def on_the_lan(*names: str) -> str:
    """Return the switch by which a browser finds names at this machine."""
    mapped = ", ".join(f"MAP {name} 127.0.0.1" for name in (NAME, *names))
    return f"--host-resolver-rules={mapped}"


def trusting(authority: Path, home: Path) -> dict[str, str]:
    """Return a browser's surroundings, with a home that trusts an authority.

    By the very command that the trust page gives for 统信UOS and 麒麟.
    """
    database = home / ".pki" / "nssdb"
    database.mkdir(parents=True)
    certutil = (find_certutil(), "-d", f"sql:{database}")
    subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    words = ("-A", "-t", "C,,", "-n", "GI Fieldkit", "-i", str(authority))
    subprocess.run([*certutil, *words], check=True)
    return {**os.environ, "HOME": str(home)}
