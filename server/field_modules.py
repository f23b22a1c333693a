"""The field app's modules as a tablet gets them: bare, and joined into a few files."""

from collections.abc import Mapping

from server.bare_modules import without_comments
from server.joined_modules import joined

PLAN = {
    "joined/base.js": (
        "views/dom.js",
        "views/shell.js",
        # Small, and wanted by screens of more than one file.
        "capture/degrees.js",
        "views/map/bundles.js",
        "views/modal.js",
        "views/states.js",
        "views/terms.js",
        "words/map.js",
    ),
    "start.js": ("start.js",),
    # Loaded by the start, which says so if they cannot be.
    "joined/first.js": ("outbox/tablet.js", "views/home.js"),
    "joined/advice.js": (
        "capture/advice.js",
        "schemas/completeness.js",
        "schemas/uscc.js",
        "views/record/advice_part.js",
        "views/record/position_source.js",
    ),
    "joined/form.js": (
        "views/record/form.js",
        "views/record/visit.js",
        "views/record/finalise.js",
        "views/record/saved.js",
    ),
    "joined/sync.js": (
        "outbox/sealing.js",
        "outbox/syncing.js",
        "sync/bundle_file.js",
        "sync/runner/enrolment.js",
    ),
    "joined/map.js": ("views/map.js", "views/pick_position.js"),
    "joined/more.js": (
        "views/enrol.js",
        "views/pick_county.js",
        "views/queue.js",
        "views/record_detail.js",
        "views/scan.js",
        "views/settings.js",
    ),
    "joined/laptop.js": ("outbox/loopback.js",),
}
"""Which modules come together: those of the first screen, then those of the next."""

BACKGROUND = "background.js"
"""A worker of its own, in its own world: it shares no module with the page."""


def tablet_modules(sources: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file that the app's own modules become, by its name.

    Args:
        sources: each module's text by its name below the app's folder.
    """
    # A checkout may end its lines as Windows does.
    lines = {name: text.replace("\r\n", "\n") for name, text in sources.items()}
    bare = {name: without_comments(text) for name, text in lines.items()}
    return joined(bare, PLAN) | joined(bare, {BACKGROUND: (BACKGROUND,)})
