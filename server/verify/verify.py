"""The whole verification, over one state of the ledger."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from server.bureau import Bureau
from server.database import reading
from server.keys import kept_revocations
from server.tables import record
from server.verify.faults import Report
from server.verify.figures import FigureCheck
from server.verify.ledger_line import check_events, check_positions
from server.verify.photographs import check_photographs
from server.verify.pinned import PinnedAreas
from server.verify.published import read_published_areas
from server.verify.read_model import check_read_model
from server.verify.receipts import Receipts
from server.verify.records import RecordCheck
from server.verify.signers import SignerOnFile, read_signers
from server.verify.standings import check_standings
from server.verify.told_rulings import check_told_rulings
from server.verify.versions import (
    ObservationState,
    check_rulings,
    observation_states,
    read_rulings,
)
from sync.ledger_port import Held

Tell = Callable[[str, int, int | None], None]


def verify(bureau: Bureau, tell: Tell) -> Report:
    """Check everything that the server holds; nothing is changed.

    Parameters
    ----------
    tell : callable
        Told the step, how far it is, and of how many.

    Returns
    -------
    Report
        Every fault found. One of the bytes does not hide the others: what
        cannot be read is taken as its row has it from there on.
    """
    report = Report()
    kept = kept_revocations(bureau.settings.keys_folder)
    with reading(bureau.engine) as connection:
        signers = read_signers(connection, bureau, kept, report)
        states = _check_ledger(connection, bureau, signers, report, tell)
        _check_findings(connection, bureau, states, report, tell)
        check_photographs(
            connection, bureau.settings.blobs_folder, bureau.key.verifying_key, report
        )
    return report


def _check_ledger(
    connection: sa.Connection,
    bureau: Bureau,
    signers: dict[str, SignerOnFile],
    report: Report,
    tell: Tell,
) -> list[ObservationState]:
    receipts = Receipts.read(connection, bureau.key.verifying_key, report)
    held = _check_records(connection, signers, receipts, report, tell)
    receipts.report_rest(report)
    check_positions(connection, report)
    check_events(connection, held, report)
    check_told_rulings(connection, signers, report)
    rulings = read_rulings(connection, report)
    held = check_rulings(held, rulings, report)
    settled = check_standings(held, signers, report)
    return observation_states(connection, held, settled, rulings)


def _check_records(
    connection: sa.Connection,
    signers: dict[str, SignerOnFile],
    receipts: Receipts,
    report: Report,
    tell: Tell,
) -> list[Held]:
    total = connection.scalar(sa.select(sa.func.count()).select_from(record))
    held: list[Held] = []
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        check = RecordCheck(signers, receipts, report, pool)
        for part in check.check(connection):
            held += part
            tell("records", len(held), total)
    return held


def _check_findings(
    connection: sa.Connection,
    bureau: Bureau,
    states: list[ObservationState],
    report: Report,
    tell: Tell,
) -> None:
    published = read_published_areas(connection, bureau.key.verifying_key, report)
    areas = PinnedAreas(published, convert=bureau.settings.convert_datum)
    figures = FigureCheck()
    done = 0
    for part in check_read_model(connection, states, areas, report):
        for derived in part:
            figures.add(derived)
        done += len(part)
        tell("verdicts", done, len(states))
    figures.compare(connection, report)
