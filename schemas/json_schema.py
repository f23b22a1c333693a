"""JSON Schema documents, generated from the marshmallow schemas."""

from collections.abc import Callable
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from schemas.cross_rules import RULES
from schemas.device_input import InputObservationSchema
from schemas.envelope import BY_KIND
from schemas.envelope_rules import ENVELOPE_RULES
from schemas.fields import ByKey, Described, Many, Part
from schemas.messages import message
from schemas.observation import (
    AmendedObservationSchema,
    ObservationSchema,
    WithdrawalSchema,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BODY_SCHEMAS: dict[str, type[Schema]] = {
    "observation-body": ObservationSchema,
    "amendment-body": AmendedObservationSchema,
    "withdrawal-body": WithdrawalSchema,
    "observation-input": InputObservationSchema,
}


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Return every document by name: three records, three bodies, the device input.

    Rules between fields stand under ``x-rules`` with their words, since JSON
    Schema cannot say them; a client checks them itself or lets the server.
    """
    records = {f"{kind}-record": schema for kind, schema in BY_KIND.items()}
    return {
        name: _document(name, schema)
        for name, schema in (records | BODY_SCHEMAS).items()
    }


def _document(name: str, schema: type[Schema]) -> dict[str, Any]:
    definitions: dict[str, dict[str, Any]] = {}
    root = _object(schema, definitions)
    between_envelope = ENVELOPE_RULES if name.endswith("-record") else ()
    between_body = () if name.startswith("withdrawal") else RULES
    return {
        "$schema": DIALECT,
        "$id": f"urn:gi-fieldkit:v1:{name}",
        "title": name,
        **root,
        "$defs": dict(sorted(definitions.items())),
        "x-rules": [
            {"code": code, "zh": message(code).zh, "en": message(code).en}
            for code in (*between_envelope, *between_body)
        ],
    }


def _object(schema: type[Schema], definitions: dict[str, Any]) -> dict[str, Any]:
    declared = schema().fields
    return {
        "description": (schema.__doc__ or "").strip().partition("\n")[0],
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: _value(field, definitions) for name, field in declared.items()
        },
        "required": [name for name, field in declared.items() if field.required],
    }


def _value(field: fields.Field[Any], definitions: dict[str, Any]) -> dict[str, Any]:
    found = _describer(field)(field, definitions)
    return _nullable(found) if field.allow_none else found


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    nullable = schema | {"type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def _describer(field: fields.Field[Any]) -> Callable[[Any, dict[str, Any]], Any]:
    for kind, describer in _DESCRIBERS.items():
        if isinstance(field, kind):
            return describer
    raise TypeError(f"{type(field).__name__} cannot be said in JSON Schema")


def _part(field: Part, definitions: dict[str, Any]) -> dict[str, Any]:
    return _reference(field.part, definitions)


def _reference(schema: type[Schema], definitions: dict[str, Any]) -> dict[str, Any]:
    name = schema.__name__.removesuffix("Schema")
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _object(schema, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _many(field: Many, definitions: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "array",
        "items": _value(field.item, definitions),
        "maxItems": field.max_items,
    }
    if field.min_items:
        found["minItems"] = field.min_items
    if field.unique:
        found["uniqueItems"] = True
    return found


def _by_key(field: ByKey, definitions: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "propertyNames": {"maxLength": 200, "pattern": f"^{field.key_pattern}$"},
        "additionalProperties": _reference(field.part, definitions),
        "maxProperties": field.max_items,
    }


def _described(field: Described, _definitions: dict[str, Any]) -> dict[str, Any]:
    return field.json_schema()


_DESCRIBERS: dict[type[Any], Callable[[Any, dict[str, Any]], Any]] = {
    Part: _part,
    Many: _many,
    ByKey: _by_key,
    Described: _described,
}
