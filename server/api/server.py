"""``GET /server``: who this server is, for a device that wants to enrol."""

from flask_smorest import Blueprint

from server.access import Access, access
from server.api import messages
from server.bureau import the_bureau
from server.database import reading
from server.epochs import current_epoch, timestamp

blueprint = Blueprint("server", __name__, description="Who this server is")


@blueprint.route("/server")
@access(Access.ENROLMENT)
@blueprint.response(200, messages.ServerReply)
def get_server() -> dict[str, object]:
    """Return the server's key, epoch and time.

    A device compares the thumbprint with the one in its enrolment code's QR.
    """
    bureau = the_bureau()
    with reading(bureau.engine) as connection:
        epoch = current_epoch(connection)
    return {
        "jwk": bureau.key.public_jwk,
        "thumbprint": bureau.key.thumbprint,
        "epoch": epoch,
        "server_time": timestamp(bureau.clock()),
        "name": bureau.settings.name,
    }
