"""Areas: a version is in force whole and published, or nothing changed."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from bureau_rig import Clock
from campaign import Sender

from geo.area import Area
from geo.area_file import import_area as read_file
from geo.datum import Datum
from geo.errors import AreaRefused, GeoError
from geo.package_data import default_area
from server.areas import area_for, import_area, list_areas, read_catalogue
from server.bureau import Bureau
from server.database import reading
from server.errors import NotHeld
from server.publishing import document_body, manifest_in_force
from server.tables import area as area_table
from server.tables import lot_verdict
from server.verify.verify import verify
from sync.reference import is_document, open_manifest

SQUARE = [[114.5, 25.0], [115.5, 25.0], [115.5, 26.0], [114.5, 26.0], [114.5, 25.0]]


def area(**changes: Any) -> Area:
    terms: dict[str, Any] = {
        "right": "xinfeng-navel-orange",
        "version": "2024-1",
        "datum": Datum.CGCS2000,
        "tolerance_m": 50,
        "in_force_from": date(2024, 1, 1),
        "source": "信丰县局测绘",
    }
    polygon = json.dumps({"type": "Polygon", "coordinates": [SQUARE]}).encode()
    return read_file(polygon, **(terms | changes))


def manifest(bureau: Bureau) -> Any:
    with reading(bureau.engine) as connection:
        compact = manifest_in_force(connection)
    assert compact is not None
    return open_manifest(compact, bureau.key.verifying_key)


def test_an_imported_area_is_in_force_and_in_a_newer_signed_manifest(
    any_bureau: Bureau,
) -> None:
    before = manifest(any_bureau)
    new = area()
    serial = import_area(any_bureau, new)
    after = manifest(any_bureau)
    assert after.serial == serial > before.serial
    (named,) = [d for d in after.documents if d.name.endswith(new.area_version)]
    assert named.sha256 == new.sha256
    with reading(any_bureau.engine) as connection:
        body = document_body(connection, new.sha256)
        held = area_for(read_catalogue(connection), new.right, date(2024, 6, 1))
    assert body is not None
    assert is_document(named, body.encode())
    assert held == new


def test_importing_the_same_version_again_changes_nothing(any_bureau: Bureau) -> None:
    first = import_area(any_bureau, area())
    assert import_area(any_bureau, area()) == first
    assert len(list_areas(any_bureau)) == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"tolerance_m": 60}, "area-version-taken"),
        ({"version": "2024-2"}, "area-overlap"),
        ({"version": "2024-2", "supersedes": "never-was"}, "area-unknown"),
    ],
)
def test_a_refused_area_leaves_everything_as_it_was(
    any_bureau: Bureau, changes: dict[str, Any], code: str
) -> None:
    import_area(any_bureau, area())
    before = manifest(any_bureau), list_areas(any_bureau)
    with pytest.raises((AreaRefused, NotHeld)) as refused:
        import_area(any_bureau, area(**changes))
    assert refused.value.code == code
    assert (manifest(any_bureau), list_areas(any_bureau)) == before


def test_a_version_that_supersedes_another_takes_over(any_bureau: Bureau) -> None:
    import_area(any_bureau, area())
    later = area(version="2025", supersedes="2024-1", in_force_from=date(2025, 1, 1))
    import_area(any_bureau, later)
    with reading(any_bureau.engine) as connection:
        catalogue = read_catalogue(connection)
    decides = [
        area_for(catalogue, later.right, date(year, 6, 1)).version
        for year in (2024, 2025)
    ]
    assert decides == ["2024-1", "2025"]


def test_a_day_before_every_version_has_no_area(any_bureau: Bureau) -> None:
    import_area(any_bureau, area())
    with reading(any_bureau.engine) as connection:
        catalogue = read_catalogue(connection)
    for right, code in (("xinfeng-navel-orange", "area-unknown"), (None, "area-right")):
        with pytest.raises(NotHeld) as refused:
            area_for(catalogue, right, date(2010, 1, 1))
        assert refused.value.code == code


def test_verdicts_already_given_stay_pinned_to_their_area(
    any_bureau: Bureau, clock: Clock
) -> None:
    """An import changes no figure; a recheck is a preview until adopted."""
    sender = Sender.enrol(any_bureau, 1, "360734")
    sender.push(sender.observe())
    shipped = default_area()
    everywhere = replace(
        shipped, version="all-of-it", supersedes=shipped.version, member_codes=("35",)
    )
    clock.forward(minutes=1)
    import_area(any_bureau, everywhere)
    sender.observe()
    sender.push()
    with reading(any_bureau.engine) as connection:
        verdicts = connection.execute(
            sa.select(lot_verdict.c.area_version, lot_verdict.c.verdict).order_by(
                lot_verdict.c.version_position
            )
        ).all()
    assert [tuple(row) for row in verdicts] == [
        (shipped.version, "outside"),
        ("all-of-it", "inside"),
    ]
    listed = {row.area.version: row.verdicts for row in list_areas(any_bureau)}
    assert listed == {shipped.version: 1, "all-of-it": 1}
    assert verify(any_bureau, lambda *_: None).faults == []


BOW_TIE = [[114.5, 25.0], [115.5, 26.0], [115.5, 25.0], [114.5, 26.0], [114.5, 25.0]]


@pytest.mark.parametrize(
    ("coordinates", "datum", "code"),
    [
        ([BOW_TIE], "WGS84", "area-self-intersection"),
        (
            [[[25, 114.5], [25, 115.5], [26, 115.5], [25, 114.5]]],
            "WGS84",
            "area-axis-order",
        ),
        ([], "WGS84", "area-empty"),
        ([SQUARE], "", "datum-missing"),
    ],
)
def test_the_command_refuses_with_the_place_and_keeps_nothing(
    bureau: Bureau,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    coordinates: list[Any],
    datum: str,
    code: str,
) -> None:
    from typer.testing import CliRunner

    from server.cli import app

    monkeypatch.setenv("GI_HOME", str(bureau.settings.home))
    monkeypatch.setenv("GI_DATABASE_URL", bureau.settings.database_url)
    file = tmp_path / "area.geojson"
    file.write_text(json.dumps({"type": "Polygon", "coordinates": coordinates}))
    words = "area import FILE --right r --version v --tolerance-m 5 --source s"
    words += " --in-force-from 2024-01-01 --datum"
    command = [str(file) if word == "FILE" else word for word in words.split()]
    done = CliRunner().invoke(app, [*command, datum])
    assert isinstance(done.exception, GeoError)
    assert done.exception.code == code
    with reading(bureau.engine) as connection:
        assert len(connection.execute(sa.select(area_table)).all()) == 1
