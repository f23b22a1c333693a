"""What verdicts rest on, as the database holds it now."""

import json

import sqlalchemy as sa

from geo.area import Area, area_from_document
from geo.catalogue import AreaCatalogue
from geo.package_data import load_counties
from schemas.assessment import Reference
from server.tables import area

_Key = tuple[tuple[str, str, str], ...]


class ReferenceData:
    """Gives the reference in force, reading areas anew only when they changed.

    The same object is returned as long as nothing changed, so that identity
    tells whether an assessment made outside a transaction still holds in it.
    """

    def __init__(self, *, convert_datum: bool) -> None:
        self._convert_datum = convert_datum
        self._current: tuple[_Key, Reference] | None = None
        self._areas: dict[str, Area] = {}

    def current(self, connection: sa.Connection) -> Reference:
        """Return the reference that the transaction of `connection` sees."""
        statement = sa.select(area.c.right, area.c.version, area.c.sha256)
        key = tuple(
            (str(right), str(version), str(sha256))
            for right, version, sha256 in connection.execute(
                statement.order_by(area.c.right, area.c.version)
            )
        )
        # Read once: a thread in an older transaction may put its own in place.
        held = self._current
        if held is None or held[0] != key:
            held = self._current = key, self._read(connection)
        return held[1]

    def _read(self, connection: sa.Connection) -> Reference:
        rows = connection.execute(sa.select(area.c.sha256, area.c.document))
        areas = [self._area(sha256, document) for sha256, document in rows]
        return Reference(
            AreaCatalogue(areas), load_counties(), convert_datum=self._convert_datum
        )

    def _area(self, sha256: str, document: str) -> Area:
        """Return an area, its validity checked once, not at every import."""
        if sha256 not in self._areas:
            self._areas[sha256] = area_from_document(json.loads(document))
        return self._areas[sha256]
