"""Whether this server is alive, and whether it is ready to take records."""

import shutil

import sqlalchemy as sa
from flask import Blueprint, Response

from server import migrations
from server.access import Access, access
from server.bureau import Bureau, the_bureau
from server.database import reading
from server.errors import ServerError
from server.problems import problem_response
from server.tables import ledger_head

blueprint = Blueprint("health", __name__)
MIN_FREE_BYTES = 64 * 1024 * 1024


@blueprint.get("/healthz")
@access(Access.LOOPBACK)
def healthz() -> dict[str, str]:
    """Say that the process answers; it looks at nothing else."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@access(Access.LOOPBACK)
def readyz() -> dict[str, object] | Response:
    """Say that a record would be kept: schema, database and disk are in order."""
    try:
        checks = readiness(the_bureau())
    except (sa.exc.SQLAlchemyError, ServerError):
        return problem_response("database-unavailable")
    failed = [code for code, is_good in checks.items() if not is_good]
    return problem_response(failed[0]) if failed else {"status": "ready"}


def readiness(bureau: Bureau) -> dict[str, bool]:
    """Return each thing a push rests on, named by the problem it would be."""
    with reading(bureau.engine) as connection:
        head = connection.execute(sa.select(ledger_head.c.epoch)).one_or_none()
    free_bytes = shutil.disk_usage(bureau.settings.home).free
    return {
        "database-not-ready": head is not None and migrations.is_current(bureau.engine),
        "storage-full": free_bytes >= MIN_FREE_BYTES,
    }
