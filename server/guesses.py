"""Guessing enrolment codes: counted per caller, and locked out.

The count is in the database: it outlives a restart, and workers share it.
"""

import ipaddress
from datetime import datetime, timedelta

import sqlalchemy as sa

from geo.errors import Message
from server.bureau import Bureau
from server.database import writing
from server.epochs import timestamp
from server.errors import EnrolmentRefused
from server.tables import enrolment_guess
from sync.clock import instant

MAX_WRONG_CODES = 20
GUESS_WINDOW = timedelta(minutes=15)


class TooManyGuesses(EnrolmentRefused):
    """The address gave too many wrong codes; ``retry_after_s`` until it is heard."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            "too-many-guesses",
            Message(
                zh=f"登记码错误次数过多，请 {retry_after_s} 秒后再试",
                en=f"too many wrong codes; try again in {retry_after_s} s",
            ),
        )
        self.retry_after_s = retry_after_s


def require_guesses_left(connection: sa.Connection, source: str, now: datetime) -> None:
    """Require that a caller has not guessed too often lately.

    Raises
    ------
    TooManyGuesses
        It was wrong `MAX_WRONG_CODES` times within the window.
    """
    row = connection.execute(
        sa.select(enrolment_guess).where(enrolment_guess.c.source == source)
    ).one_or_none()
    if row is None or row.wrong < MAX_WRONG_CODES:
        return
    left_s = (instant(row.window_began_at) + GUESS_WINDOW - now).total_seconds()
    if left_s > 0:
        raise TooManyGuesses(int(left_s) + 1)


def count_wrong_code(bureau: Bureau, source: str, now: datetime) -> None:
    """Note a wrong code durably, and forget callers whose window has passed."""
    mine = enrolment_guess.c.source == source
    stale = enrolment_guess.c.window_began_at <= timestamp(now - GUESS_WINDOW)
    with writing(bureau.engine) as connection:
        connection.execute(enrolment_guess.delete().where(stale))
        counted = connection.execute(
            enrolment_guess.update()
            .where(mine)
            .values(wrong=enrolment_guess.c.wrong + 1)
        )
        if not counted.rowcount:
            connection.execute(
                enrolment_guess.insert().values(
                    source=source, window_began_at=timestamp(now), wrong=1
                )
            )


def caller_of(address: str) -> str:
    """Return what one caller can easily own: an IPv4 address, an IPv6 /64."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))
