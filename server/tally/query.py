"""The one question that every view of the figures asks."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from geo.errors import Message
from server.errors import ServerError
from server.tally.measures import VERDICTS

DIMENSIONS = ("county", "unit", "code", "month", "verdict")
STATUSES = ("counted", "current", "disputed", "withdrawn", "excluded")
NO_COUNTY = "none"
NO_POSITION = "no_position"
OTHER_COUNTY = "other"
NO_VIOLATION = "none"
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class TallyRefused(ServerError):
    """A tally was asked for in words that have no meaning here."""


@dataclass(frozen=True, slots=True)
class TallyQuery:
    """Which observations are counted, and in which rows.

    Attributes
    ----------
    date_from, date_to : date, optional
        First and last day of the acts (``acted_on``, Asia/Shanghai), both
        included.
    unit, county, product, code, verdict, month : str, optional
        Only what has this value. `county` also takes ``none`` (a position in
        no known county) and ``no_position``. `verdict` is the observation's:
        the weightiest of its lots' (outside, undetermined, inside, not
        applicable). `code` keeps the violations with that code and the
        observations that have one; ``none`` those without any violation.
        `product` keeps the lots of that product and the observations that
        have one.
    status : str
        ``counted`` (the default: what a published figure rests on) or one of
        the read model's statuses, to see what is left out.
    by : tuple of str
        Row keys, any of `DIMENSIONS`, in the order of the columns.
    """

    date_from: date | None = None
    date_to: date | None = None
    unit: str | None = None
    county: str | None = None
    product: str | None = None
    code: str | None = None
    verdict: str | None = None
    month: str | None = None
    status: str = "counted"
    by: tuple[str, ...] = ("county",)

    def __post_init__(self) -> None:
        """Refuse what has no meaning.

        Raises
        ------
        TallyRefused
            An unknown row key or status, the same key twice, no key at all,
            or a period that ends before it begins.
        """
        _require_known("by", self.by, DIMENSIONS)
        _require_known("status", (self.status,), STATUSES)
        if self.verdict is not None:
            _require_known("verdict", (self.verdict,), VERDICTS)
        if not self.by or len(set(self.by)) != len(self.by):
            raise TallyRefused(
                "tally-by",
                Message(
                    zh="--by 需要一个或多个互不相同的维度",
                    en="--by needs one or more row keys, each once",
                ),
            )
        if self.month is not None and not _MONTH.fullmatch(self.month):
            raise TallyRefused(
                "tally-month",
                Message(zh="月份格式为 2023-12", en="a month is written 2023-12"),
            )
        if self.date_from and self.date_to and self.date_to < self.date_from:
            raise TallyRefused(
                "tally-period",
                Message(
                    zh="结束日期早于开始日期",
                    en="the period ends before it begins",
                ),
            )

    def only(self, key: Sequence[str]) -> "TallyQuery":
        """Return this query narrowed to one of its rows.

        What a row shows is what this query's total shows: a row and the list
        behind it cannot differ.
        """
        values: dict[str, Any] = dict(zip(self.by, key, strict=True))
        return replace(self, **values)

    def filter_document(self) -> dict[str, Any]:
        """Return the filter as JSON values, every field named."""
        document = asdict(self)
        document["from"] = _day(document.pop("date_from"))
        document["to"] = _day(document.pop("date_to"))
        document["by"] = list(self.by)
        return document


def split_by(text: str) -> tuple[str, ...]:
    """Return the row keys of ``county,unit``; blanks around them are ignored."""
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _require_known(field: str, words: Sequence[str], known: Sequence[str]) -> None:
    unknown = [word for word in words if word not in known]
    if unknown:
        raise TallyRefused(
            f"tally-{field}",
            Message(
                zh=f"{field} 不能是 {', '.join(unknown)}；可用：{', '.join(known)}",
                en=f"{field} cannot be {', '.join(unknown)}; "
                f"it is one of {', '.join(known)}",
            ),
        )
