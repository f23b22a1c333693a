"""Which version of a protected origin is in force on a day."""

from collections.abc import Iterable
from datetime import date

from geo.area import Area
from geo.errors import AreaRefused, Message


class AreaCatalogue:
    """Areas by right, version and day, never two answers for one day.

    Versions of one right may share days only if one supersedes the other, directly
    or through versions between them; on a shared day the superseding one holds.
    """

    def __init__(self, areas: Iterable[Area] = ()) -> None:
        self._by_right: dict[str, dict[str, Area]] = {}
        held = tuple(areas)
        for area in held:
            self._file(area)
        for area in held:
            self._require_one_answer(area)

    @property
    def rights(self) -> tuple[str, ...]:
        """The rights that have an area, in order of their keys."""
        return tuple(sorted(self._by_right))

    @property
    def areas(self) -> tuple[Area, ...]:
        """Every area, by right, first day in force and version."""
        return tuple(
            area
            for right in self.rights
            for area in sorted(
                self._by_right[right].values(),
                key=lambda area: (area.in_force_from, area.version),
            )
        )

    def get(self, right: str, version: str) -> Area | None:
        """Return the area of this right and version, or None."""
        return self._by_right.get(right, {}).get(version)

    def at(self, right: str, on: date) -> Area | None:
        """Return the area that decides for acts on this day, or None."""
        versions = self._by_right.get(right, {})
        in_force = [area for area in versions.values() if area.is_in_force(on)]
        for area in in_force:
            others = (other for other in in_force if other is not area)
            if all(self._supersedes(area, other) for other in others):
                return area
        return None

    def add(self, area: Area) -> None:
        """Hold one more area; adding the same one again changes nothing.

        Raises
        ------
        AreaRefused
            ``area-version-taken`` if the version exists with other content,
            ``area-overlap`` if it shares days with a version that neither
            supersedes the other, ``area-supersedes-itself`` on a circle. The
            catalogue is then as it was.
        """
        if self.get(area.right, area.version) == area:
            return
        self._file(area)
        try:
            self._require_one_answer(area)
        except AreaRefused:
            del self._by_right[area.right][area.version]
            raise

    def _file(self, area: Area) -> None:
        versions = self._by_right.setdefault(area.right, {})
        if versions.get(area.version, area) != area:
            raise AreaRefused(
                "area-version-taken",
                Message(
                    "同名版本已存在且内容不同。",
                    "This version exists already, with other content.",
                ),
                area.area_version,
            )
        versions[area.version] = area

    def _require_one_answer(self, area: Area) -> None:
        if self._supersedes(area, area):
            raise AreaRefused(
                "area-supersedes-itself",
                Message("版本之间的取代关系成环。", "Versions supersede in a circle."),
                area.area_version,
            )
        for other in self._by_right[area.right].values():
            if other is area or not _share_days(area, other):
                continue
            if not (self._supersedes(area, other) or self._supersedes(other, area)):
                raise AreaRefused(
                    "area-overlap",
                    Message(
                        f"与版本 {other.version} 的有效期重叠，且互不取代。",
                        f"In force on the same days as {other.version}, "
                        "and neither supersedes the other.",
                    ),
                    area.area_version,
                )

    def _supersedes(self, area: Area, other: Area) -> bool:
        seen: set[str] = set()
        version = area.supersedes
        while version is not None and version not in seen:
            if version == other.version:
                return True
            seen.add(version)
            older = self.get(area.right, version)
            version = older.supersedes if older else None
        return False


def _share_days(one: Area, other: Area) -> bool:
    first, second = sorted((one, other), key=lambda area: area.in_force_from)
    return first.is_in_force(second.in_force_from)
