"""Protected origins: taken in whole and published, or refused and nothing changed.

An import never changes a verdict that was given: verdicts are pinned to the
version that decided them. A recheck under a newer version is a preview until
it is adopted, and is another command's business.
"""

import json
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from geo.area import Area, area_from_document
from geo.catalogue import AreaCatalogue
from geo.errors import Message
from server.bureau import Bureau
from server.database import reading, writing
from server.epochs import timestamp
from server.errors import NotHeld
from server.publishing import publish
from server.tables import area, lot_verdict


class AreaOnFile(NamedTuple):
    """One version on file, and how many adopted verdicts are pinned to it."""

    area: Area
    imported_at: str
    verdicts: int


def import_area(bureau: Bureau, new: Area) -> int:
    """Put a version in force and publish it; return the manifest's serial.

    Importing the very same version again changes nothing.

    Raises
    ------
    AreaRefused
        ``area-version-taken``, ``area-overlap`` or ``area-supersedes-itself``.
    NotHeld
        ``area-unknown``: it supersedes a version that is not on file.
    """
    with writing(bureau.engine) as connection:
        now = bureau.clock()  # after every receipt that knew nothing of it
        catalogue = read_catalogue(connection)
        if new.supersedes and catalogue.get(new.right, new.supersedes) is None:
            raise _unknown(f"{new.right}/{new.supersedes}")
        is_known = catalogue.get(new.right, new.version) is not None
        catalogue.add(new)
        if not is_known:
            connection.execute(area.insert().values(_row(new, now)))
        return publish(connection, bureau.key, now)


def list_areas(bureau: Bureau) -> list[AreaOnFile]:
    """Return every version on file, by right and first day in force."""
    pinned = sa.select(
        lot_verdict.c.right, lot_verdict.c.area_version, sa.func.count()
    ).where(lot_verdict.c.adopted.is_(sa.true()))
    with reading(bureau.engine) as connection:
        counts = {
            (right, version): count
            for right, version, count in connection.execute(
                pinned.group_by(lot_verdict.c.right, lot_verdict.c.area_version)
            )
        }
        imported = {
            (right, version): at
            for right, version, at in connection.execute(
                sa.select(area.c.right, area.c.version, area.c.imported_at)
            )
        }
        found = read_catalogue(connection).areas
    return [
        AreaOnFile(
            each,
            imported[each.right, each.version],
            counts.get((each.right, each.version), 0),
        )
        for each in found
    ]


def read_catalogue(connection: sa.Connection) -> AreaCatalogue:
    """Return every version on file."""
    documents = connection.scalars(sa.select(area.c.document))
    return AreaCatalogue(area_from_document(json.loads(text)) for text in documents)


def area_for(catalogue: AreaCatalogue, right: str | None, on: date) -> Area:
    """Return the version of a right that decides on a day.

    Raises
    ------
    NotHeld
        ``area-unknown``: no version is in force then; ``area-right``: no
        right is named and there are several.
    """
    rights = catalogue.rights
    if right is None and len(rights) != 1:
        names = ", ".join(rights)
        raise NotHeld(
            "area-right",
            Message(
                zh=f"请用 --right 指明权利：{names}",
                en=f"name one with --right: {names}",
            ),
        )
    chosen = right or rights[0]
    found = catalogue.at(chosen, on)
    if found is None:
        raise _unknown(f"{chosen} ({on.isoformat()})")
    return found


def _row(new: Area, now: datetime) -> dict[str, str | None]:
    return {
        "right": new.right,
        "version": new.version,
        "sha256": new.sha256,
        "document": new.document_bytes.decode(),
        "in_force_from": new.in_force_from.isoformat(),
        "in_force_to": new.in_force_to.isoformat() if new.in_force_to else None,
        "supersedes": new.supersedes,
        "imported_at": timestamp(now),
    }


def _unknown(name: str) -> NotHeld:
    return NotHeld(
        "area-unknown",
        Message(zh=f"没有产地范围 {name}", en=f"there is no area {name}"),
    )
