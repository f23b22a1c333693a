"""gpsd's reports into readings, and a real socket that speaks as it does."""

import json
import socket
import threading
from typing import Any

import pytest

from fieldkit.receivers.errors import NoFix, ReceiverSilent, ReceiverUnplugged
from fieldkit.receivers.gpsd import WATCH, GpsdReader
from fieldkit.receivers.reading import Reading
from fieldkit.receivers.sources import gpsd_readings

TPV = {
    "class": "TPV",
    "mode": 3,
    "time": "2023-12-02T02:20:00.000Z",
    "lat": 24.9633,
    "lon": 115.6512,
}
SKY = {"class": "SKY", "hdop": 0.9, "uSat": 8}


def read(*reports: Any) -> Reading | NoFix | None:
    reader, told = GpsdReader(), None
    for report in reports:
        told = reader.take(json.dumps(report).encode())
    return told


def fix_of(*reports: Any) -> dict[str, Any]:
    told = read(*reports)
    assert isinstance(told, Reading)
    return told.fix()


def test_a_report_is_a_fix_with_its_time_and_the_satellites_beside_it() -> None:
    told = read(SKY, TPV | {"eph": 5.0})
    assert isinstance(told, Reading)
    assert (told.lon_deg, told.lat_deg) == (115.6512, 24.9633)
    assert told.details()["satellites"] == 8
    assert told.fix()["fixed_at"] == "2023-12-02T02:20:00.000Z"


def test_the_radius_says_what_it_rests_on() -> None:
    gst = {"class": "GST", "time": TPV["time"], "lat": 2.0, "lon": 1.0}
    eph = TPV | {"eph": 5.0}
    for reports, radius_m, basis in [
        ((gst, eph), 4.9, "gpsd GST, 1 sigma x 2.45"),
        ((gst | {"time": "2023-12-02T02:19:00Z"}, eph), 8.11, "gpsd eph 5 m, as 68 %"),
        ((SKY, TPV), 9.0, "gpsd HDOP 0.9, UERE 5 m, 2 x HDOP x UERE"),
        ((TPV,), None, "gpsd without accuracy"),
    ]:
        fix = fix_of(*reports)
        assert (fix["radius95_m"], fix["basis"]) == (radius_m, basis)


@pytest.mark.parametrize(
    "changed", [{"mode": 1}, {"mode": 0}, {"lat": None}, {"lon": 181.0}, {"lat": True}]
)
def test_what_is_no_position_is_no_fix(changed: dict[str, Any]) -> None:
    assert isinstance(read(TPV | changed), NoFix)


def test_a_simulated_fix_is_mock() -> None:
    assert fix_of(TPV | {"status": 8})["is_mock"] is True


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b"\xff", b'{"class": "VERSION"}'])
def test_what_is_no_report_says_nothing(line: bytes) -> None:
    assert GpsdReader().take(line) is None


class SpokenGpsd:
    """Answers one client as gpsd does, then hangs up or falls silent."""

    def __init__(self, lines: bytes, *, hangs_up: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._lines, self._hangs_up = lines, hangs_up
        self.asked = b""
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def _answer(self) -> None:
        with self._listener, self._listener.accept()[0] as client:
            self.asked = client.recv(1000)
            client.sendall(self._lines)
            if not self._hangs_up:
                self._over.wait(60)

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def spoken(*reports: Any) -> bytes:
    return b"".join(json.dumps(report).encode() + b"\r\n" for report in reports)


def test_readings_come_from_the_socket_and_a_hang_up_is_told() -> None:
    gpsd = SpokenGpsd(spoken({"class": "VERSION"}, SKY, TPV), hangs_up=True)
    readings = gpsd_readings(lambda: False, gpsd.port)
    assert isinstance(next(readings), Reading)
    with pytest.raises(ReceiverUnplugged):
        next(readings)
    gpsd.end()
    assert gpsd.asked == WATCH


def test_a_gpsd_without_a_receiver_is_silent() -> None:
    gpsd = SpokenGpsd(spoken({"class": "DEVICES", "devices": []}), hangs_up=False)
    with pytest.raises(ReceiverSilent):
        next(gpsd_readings(lambda: False, gpsd.port, silent_after_s=0.0))
    gpsd.end()


def test_no_gpsd_is_said_to_be_unplugged() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(ReceiverUnplugged):
        next(gpsd_readings(lambda: False, port))
