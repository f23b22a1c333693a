"""Records: the queue, one of them, sealing, amending, withdrawing, offering again."""

from typing import Any

from flask import Blueprint, jsonify, request

from fieldkit.capture import Captured, Recorder
from fieldkit.completion import amended, with_ids
from fieldkit.device import one_record, recorder_of
from fieldkit.device_clock import read_clock
from fieldkit.draft_photos import DraftPhotos
from fieldkit.exports import exported_records
from fieldkit.local import asked
from fieldkit.local.api.drafts import require_draft
from fieldkit.local.bench import bench, opened
from fieldkit.local.errors import RequestUnreadable
from fieldkit.revision import require_newest, require_open, target_of
from fieldkit.telling.records import described
from fieldkit.telling.rows import rows
from geo.errors import Message

blueprint = Blueprint("records", __name__)

MOST_ROWS = 500
_NO_PATH = Message(
    zh="页面不能指定本机文件的路径，请用“添加照片”。",
    en="A page cannot name a file of this machine; add the photograph instead.",
)


@blueprint.get("/records")
def listing() -> Any:
    """Return a page of the queue, the newest first, drafts before all."""
    with opened() as device:
        return rows(
            device.outbox,
            bench().summaries,
            state=request.args.get("state"),
            query=request.args.get("query", ""),
            offset=asked.whole_parameter("offset", 0, 10**9),
            limit=asked.whole_parameter("limit", 50, MOST_ROWS),
        )


@blueprint.get("/records/<name>")
def one(name: str) -> Any:
    """Return all that the device knows of a record."""
    with opened() as device:
        stored = one_record(device.outbox, name)
        exported = stored.record.id in exported_records(device.outbox)
        return described(device, stored) | {"is_exported": exported}


@blueprint.post("/records")
def record() -> Any:
    """Seal an observation; the draft that it was made from is gone."""
    given = asked.given()
    body, draft = asked.part(given, "input"), asked.optional_whole(given, "draft")
    _require_no_paths(body)
    with bench().recording, opened() as device:
        if draft is not None:
            require_draft(device.outbox, draft)
        photos = DraftPhotos(device.home, device.outbox)
        whole = with_ids(photos.completed(body, draft, read_clock().now))
        recorder = recorder_of(device, bench().reference(device))
        captured = recorder.record(whole, draft=draft)
        if draft is not None:
            photos.remove_all(draft)
    return _saved(captured), 201


@blueprint.post("/records/<name>/amendments")
def amend(name: str) -> Any:
    """Seal a new version on the newest held here; its draft is gone."""
    given = asked.given()
    changes, draft = asked.part(given, "changes"), asked.optional_whole(given, "draft")
    kind = asked.optional_text(given, "kind") or "correction"
    _require_no_paths(changes)
    with bench().recording, opened() as device:
        if draft is not None:
            require_draft(device.outbox, draft)
        target = target_of(device.outbox, one_record(device.outbox, name))
        require_newest(target, asked.optional_text(given, "stands_on"))
        photos = DraftPhotos(device.home, device.outbox)
        body = amended(
            target.current,
            photos.completed(changes, draft, read_clock().now),
            kind,
            asked.optional_text(given, "reason"),
        )
        require_open(target, str(body.get("amendment", {}).get("kind")))
        captured = recorder_of(device, bench().reference(device)).amend(
            with_ids(body, target.earlier),
            amends=target.amends,
            root_id=target.root_id,
            record_no=target.record_no,
            earlier=target.earlier,
            draft=draft,
        )
        if draft is not None:
            photos.remove_all(draft)
    return _saved(captured), 201


@blueprint.post("/records/<name>/withdrawal")
def withdraw(name: str) -> Any:
    """Seal the withdrawal of an observation."""
    reason = asked.text(asked.given(), "reason")
    with bench().recording, opened() as device:
        target = target_of(device.outbox, one_record(device.outbox, name))
        captured = Recorder(device.home, device.outbox).withdraw(
            reason,
            amends=target.amends,
            root_id=target.root_id,
            record_no=target.record_no,
        )
    return _saved(captured), 201


@blueprint.post("/records/<name>/requeue")
def requeue(name: str) -> Any:
    """Offer a refused record again."""
    with opened() as device:
        device.outbox.requeue(one_record(device.outbox, name).record.id)
    return jsonify(None)


def _require_no_paths(body: dict[str, Any]) -> None:
    """Hold a page to photographs that it gave: it may not have files read for it."""
    evidence = body.get("evidence")
    for number, item in enumerate(evidence if isinstance(evidence, list) else ()):
        if isinstance(item, dict) and "path" in item:
            raise RequestUnreadable(_NO_PATH, field=f"evidence[{number}].path")


def _saved(captured: Captured) -> dict[str, Any]:
    day = captured.acted_on
    return {
        "id": captured.sealed.id,
        "seq": captured.sealed.seq,
        "record_no": captured.record_no,
        "root_id": captured.root_id,
        "body": captured.body,
        "acted_on": None if day is None else day.isoformat(),
        "clock_offset_ms": captured.clock_offset_ms,
    }
