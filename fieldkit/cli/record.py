"""``fieldkit record``: capture observations, by dialogue or from a file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fieldkit.cli.session import note, put, put_json, reference_of
from fieldkit.device import Device, opened_device, recorder_of
from fieldkit.errors import DiskFull, FieldkitError, InputRefused
from fieldkit.exit_codes import ExitCode, exit_code_of
from fieldkit.language import say
from geo.errors import Message
from sync.errors import RecordTooLarge

if TYPE_CHECKING:
    from fieldkit.advice import Advice
    from fieldkit.capture import Captured, Recorder
    from fieldkit.input_file import Item, UnreadableItem
    from schemas.assessment import Reference

_ABOUT = Message(
    zh="记录一次检查；不带 --from 时逐项询问。",
    en="Record an inspection; without --from it asks.",
)
_FROM = Message(
    zh="JSON 文件：一个对象、一个列表或每行一个对象；- 为标准输入",
    en="a JSON file: one object, a list, or one object per line; - is stdin",
)
_SEALED = Message(zh="已封存 {record_no}（{id}）", en="Sealed {record_no} ({id})")
_NOT_SEALED = Message(
    zh="第 {line} 行未封存：{reason}", en="Line {line} not sealed: {reason}"
)
_SUMMARY = Message(
    zh="已封存 {sealed} 条，未封存 {failed} 条。",
    en="{sealed} sealed, {failed} not sealed.",
)
_NO_FILE = Message(zh="无法读取文件 {file}", en="The file {file} cannot be read")
_DRIFT = Message(
    zh="注意：本机时钟与服务器相差 {minutes:.0f} 分钟，已随记录注明",
    en="Note: this clock is {minutes:.0f} minutes off the server's; the record says so",
)
_FOREIGN = Message(
    zh="注意：记录的单位 {unit} 不是本设备的单位，服务器会将其隔离待审",
    en="Note: the unit {unit} is not this device's; the server will quarantine it",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("record", help=say(_ABOUT))(record)


def record(
    source: Annotated[str | None, typer.Option("--from", help=say(_FROM))] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Save observations; each is saved whole or not at all."""
    with opened_device() as opened:
        opened.outbox.require_identity()
        reference = reference_of(opened)
        if source is None:
            _ask(opened, reference, as_json)
        else:
            _record_file(opened, reference, source, as_json)


def read_source(source: str) -> tuple[bytes, list[Path]]:
    """Return the content of a file or of stdin, and where its photographs may be.

    Raises
    ------
    InputRefused
        The file cannot be read.
    """
    if source == "-":
        return sys.stdin.buffer.read(), [Path.cwd()]
    file = Path(source)
    try:
        return file.read_bytes(), [file.absolute().parent, Path.cwd()]
    except OSError as error:
        message = Message(
            zh=_NO_FILE.zh.format(file=file), en=_NO_FILE.en.format(file=file)
        )
        raise InputRefused(message) from error


def saved_entry(captured: "Captured", advice: "Advice | None") -> dict[str, Any]:
    """Return a saved record as ``--json`` tells it."""
    return {
        "id": captured.sealed.id,
        "seq": captured.sealed.seq,
        "kind": captured.sealed.kind,
        "state": "sealed",
        "hash": captured.sealed.hash,
        "record_no": captured.record_no,
        "observation_id": captured.root_id,
        "advice": advice.to_json() if advice else None,
    }


def tell_saved(captured: "Captured", advice: "Advice | None") -> None:
    """Say that a record was saved, and what the origin check says of it."""
    from sync.clock import is_drift_flagged

    put(say(_SEALED, record_no=captured.record_no, id=captured.sealed.id))
    offset_ms = captured.clock_offset_ms or 0
    if is_drift_flagged(offset_ms):
        note(say(_DRIFT, minutes=abs(offset_ms) / 60_000))
    for line in advice.lines if advice else ():
        put(f"  {say(line)}")


def _ask(opened: Device, reference: "Reference", as_json: bool) -> None:
    from fieldkit.dialogue import Dialogue, Terminal

    captured = Dialogue(
        Terminal(), opened.outbox, recorder_of(opened, reference), reference
    ).run()
    if captured is None:
        raise typer.Exit(ExitCode.INTERRUPTED)
    if as_json:
        put_json({"records": [saved_entry(captured, None)], "failed": []})
    else:
        tell_saved(captured, None)


def _record_file(
    opened: Device, reference: "Reference", source: str, as_json: bool
) -> None:
    from fieldkit.input_file import items

    content, folders = read_source(source)
    run = _Run(recorder_of(opened, reference), reference, folders, as_json)
    for item in items(content):
        run.take(item)
        if run.is_over:
            break
    run.finish()


class _Run:
    """One pass over a file: each item is saved whole, or its fault is told."""

    def __init__(
        self,
        capturing: "Recorder",
        reference: "Reference",
        folders: list[Path],
        as_json: bool,
    ) -> None:
        self._recorder = capturing
        self._reference = reference
        self._folders = folders
        self._as_json = as_json
        self._saved: list[dict[str, Any]] = []
        self._failed: list[dict[str, Any]] = []
        self._exit_code = ExitCode.DONE
        self.is_over = False

    def take(self, item: "Item | UnreadableItem") -> None:
        """Save one item or note why not."""
        from fieldkit.input_file import UnreadableItem

        try:
            if isinstance(item, UnreadableItem):
                raise item.error
            self._save(item.line, item.value)
        except (FieldkitError, RecordTooLarge) as error:
            self._fail(item.line, error)
            # What comes after would find the disk no emptier.
            self.is_over = isinstance(error, DiskFull)

    def finish(self) -> None:
        """Tell the end, with the first failure's exit code if there was one."""
        if self._as_json:
            put_json({"records": self._saved, "failed": self._failed})
        elif len(self._saved) + len(self._failed) > 1:
            note(say(_SUMMARY, sealed=len(self._saved), failed=len(self._failed)))
        if self._failed:
            raise typer.Exit(self._exit_code)

    def _save(self, line: int, given: Any) -> None:
        from fieldkit.acceptance import require_acceptable
        from fieldkit.advice import advise

        if not isinstance(given, dict):
            require_acceptable(given)
        captured = self._recorder.record(given, folders=self._folders)
        advice = None
        if captured.acted_on is not None:
            advice = advise(captured.body, captured.acted_on, self._reference)
        self._saved.append({"line": line} | saved_entry(captured, advice))
        if not self._as_json:
            tell_saved(captured, advice)
        unit = self._recorder.outbox.require_identity().unit_code
        if captured.body["unit_code"] != unit:
            note(say(_FOREIGN, unit=captured.body["unit_code"]))

    def _fail(self, line: int, error: FieldkitError | RecordTooLarge) -> None:
        if not self._failed:
            self._exit_code = exit_code_of(error)
        self._failed.append(
            {
                "line": line,
                "code": error.code,
                "field": getattr(error, "field", None),
                "reason": say(error.message),
                "reasons": {"zh": error.message.zh, "en": error.message.en},
            }
        )
        note(say(_NOT_SEALED, line=line, reason=say(error.message)))
