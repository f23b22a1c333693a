"""The style sheets of the pages that the server draws itself."""

from importlib import resources

from flask import Response


def style_sheet(*names: str) -> Response:
    """Return these sheets of ``server/templates`` as one, later rules winning."""
    folder = resources.files("server").joinpath("templates")
    sheets = (folder.joinpath(name).read_text("utf-8") for name in names)
    return Response("\n".join(sheets), mimetype="text/css")
