"""Acceptance of records: `accepts` is quick, `explain` says why not.

Both stand on the same field classes and the same rules between fields; a
property test holds them equal.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs
from marshmallow import Schema

from schemas.cross_rules import body_faults
from schemas.device_input import InputObservationSchema
from schemas.envelope import BY_KIND
from schemas.envelope_rules import record_faults
from schemas.errors import Fault
from schemas.fields import Reason
from schemas.json_schema import documents
from schemas.messages import message

PathAndCode = tuple[str, str]


def accepts(payload: object) -> bool:
    """Tell whether a record's payload is accepted, in a few microseconds.

    Equal to ``explain(payload) == []`` for every value that JSON can say.
    """
    kind = payload.get("kind") if isinstance(payload, dict) else None
    validator = _validators().get(kind) if isinstance(kind, str) else None
    if validator is None:
        return False
    try:
        if not validator(payload):
            return False
    except (ValueError, UnicodeEncodeError):
        # Lone surrogates and numbers beyond a float: text that is no JSON value.
        return False
    return next(record_faults(payload), None) is None  # type: ignore[arg-type]


def explain(payload: object) -> list[Fault]:
    """Return every reason why a record's payload is not accepted; empty if it is.

    Field faults hide the rules between fields, which need sound fields.
    Paths of body fields are told without the leading ``body.``.
    """
    if not isinstance(payload, dict):
        return [_fault("", "body-not-an-object")]
    kind = payload.get("kind")
    if not isinstance(kind, str) or kind not in BY_KIND:
        return [_fault("kind", "kind-unknown")]
    return _explain(payload, BY_KIND[kind], record_faults)


def explain_input(body: object) -> list[Fault]:
    """Return every reason why a device cannot seal this input; empty if it can."""
    if not isinstance(body, dict):
        return [_fault("", "body-not-an-object")]
    return _explain(body, InputObservationSchema, _input_faults)


def _explain(
    document: Mapping[str, Any],
    schema: type[Schema],
    rules: Callable[[Mapping[str, Any]], Iterable[PathAndCode]],
) -> list[Fault]:
    errors = _instance(schema).validate(document)
    if errors:
        return sorted(_faults(errors), key=lambda fault: fault.field)
    return [_fault(path, code) for path, code in rules(document)]


@cache
def _instance(schema: type[Schema]) -> Schema:
    return schema()


def _input_faults(body: Mapping[str, Any]) -> Iterator[PathAndCode]:
    for index, item in enumerate(body.get("evidence", ())):
        if "path" not in item and not item.keys() >= _SEALED_FILE:
            yield f"evidence[{index}]", "evidence-without-file"
    yield from body_faults(body)


_SEALED_FILE = {"id", "sha256", "bytes", "media_type", "file_name", "captured_at"}


def _faults(errors: Mapping[Any, Any], path: str = "") -> Iterator[Fault]:
    for key, found in errors.items():
        here = path if key == "_schema" else _joined(path, key)
        if isinstance(found, Mapping):
            yield from _faults(found, here)
        else:
            yield from (_fault(here, reason) for reason in found)


def _joined(path: str, key: object) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else str(key)


def _fault(path: str, reason: str) -> Fault:
    limits = reason.limits if isinstance(reason, Reason) else {}
    field = "body" if path == "body" else path.removeprefix("body.")
    return Fault(field, str(reason), message(str(reason), **limits))


@cache
def _validators() -> Mapping[str, Callable[[object], bool]]:
    return {kind: _compiled(documents()[f"{kind}-record"]) for kind in BY_KIND}


def _compiled(schema: Mapping[str, Any]) -> Callable[[object], bool]:
    validator = jsonschema_rs.Draft202012Validator(
        json.dumps(schema),
        validate_formats=False,
        pattern_options=jsonschema_rs.RegexOptions(),
    )
    return validator.is_valid
