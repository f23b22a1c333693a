"""``fieldkit position``: what the receivers beside this laptop say."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.session import note, put, put_json
from fieldkit.degrees import degree_words
from fieldkit.language import say
from geo.errors import Message

if TYPE_CHECKING:
    from fieldkit.receivers.sources import Source

_ABOUT = Message(
    zh="列出已连接的接收机并读一次位置（不是记录）。",
    en="List the receivers connected and read one position (no record).",
)
_RECEIVER = Message(
    zh="读哪一台（默认第一台）", en="which one to read; the first by default"
)
_CONNECTED = Message(zh="已连接：{label}（{id}）", en="connected: {label} ({id})")
_FIX = Message(
    zh="{place}；{radius}；依据：{basis}", en="{place}; {radius}; by {basis}"
)
_RADIUS = Message(zh="精度 {radius:g} 米（95%）", en="accurate to {radius:g} m (95 %)")
_NO_RADIUS = Message(zh="精度不明", en="accuracy unknown")
_MOCK = Message(
    zh="注意：这是模拟位置，不能作为依据", en="Note: this position is simulated"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("position", help=say(_ABOUT))(position)


def position(
    receiver: Annotated[
        str | None, typer.Option(metavar="ID", help=say(_RECEIVER))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Print the receivers and the first position that one of them gives."""
    from fieldkit.receivers.sources import connected_sources

    sources = connected_sources()
    for source in sources:
        note(say(_CONNECTED, label=source.label, id=source.id))
    reading = _first_reading(_chosen(sources, receiver))
    fix = reading.fix()
    if as_json:
        told = {"receivers": [source.to_json() for source in sources]}
        put_json(told | {"fix": fix, "details": reading.details()})
        return
    known = fix["radius95_m"]
    radius = say(_NO_RADIUS) if known is None else say(_RADIUS, radius=known)
    place = say(degree_words(fix["lon_deg"], fix["lat_deg"]))
    put(say(_FIX, place=place, radius=radius, basis=fix["basis"]))
    if reading.is_mock:
        note(_MOCK)


def _chosen(sources: "list[Source]", receiver: str | None) -> "Source":
    from fieldkit.receivers.errors import NoReceiver, ReceiverUnknown

    if not sources:
        raise NoReceiver
    for source in sources:
        if receiver in (None, source.id):
            return source
    raise ReceiverUnknown(str(receiver))


def _first_reading(source: "Source") -> Any:
    from fieldkit.receivers.reading import Reading

    told: Any = None
    for told in source.readings(lambda: False):
        if isinstance(told, Reading):
            return told
        # It says at once that it has none; waiting is for the person to decide.
        break
    raise told
