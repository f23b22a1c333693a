"""A device, a hostile link and the real server, on loopback sockets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from journeys.field_device import FieldDevice
from journeys.hostile_proxy import HostileProxy
from journeys.scripted_tablet import ScriptedTablet
from journeys.served import ServedBureau

from fieldkit.link.http import ATTEMPTS, over_http


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedBureau]:
    with ServedBureau(tmp_path / "bureau") as served:
        yield served


@pytest.fixture
def proxy(served: ServedBureau) -> Iterator[HostileProxy]:
    with HostileProxy("127.0.0.1", served.port) as proxy:
        yield proxy


@pytest.fixture
def unpaused() -> Iterator[None]:
    """Retries follow at once: their pauses are tested where they are made."""
    with stamina.set_testing(True, attempts=ATTEMPTS):
        yield


@pytest.fixture
def tablet(
    served: ServedBureau, proxy: HostileProxy, tmp_path: Path, unpaused: None
) -> FieldDevice:
    """A device enrolled through the hostile proxy, which has been kind so far."""
    device = new_device(tmp_path / "tablet")
    enrol_over(device, proxy.url, served.new_code())
    return device


@pytest.fixture
def app(served: ServedBureau, proxy: HostileProxy) -> Iterator[ScriptedTablet]:
    """The tablet's app in node, enrolled through the hostile proxy."""
    with ScriptedTablet() as app:
        told = app.enrol(proxy.url, served.new_code(), served.bureau.key.thumbprint)
        assert [told["identity"]["device_id"]] == served.devices
        yield app


def new_device(folder: Path) -> FieldDevice:
    return FieldDevice(
        folder, lambda url: over_http(url, lambda: 0.0, lambda _s, _e: None)
    )


def enrol_over(device: FieldDevice, url: str, code: str) -> None:
    with device.open_transport(url) as transport:
        device.enrol(transport, code, url=url)
