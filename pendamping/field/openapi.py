"""The wire in OpenAPI 3.1: shapes made from the types that read and write it, the rest said by hand."""

from typing import Any

import msgspec

from pendamping import __version__
from pendamping.field.wire import MAX_RECORDS, Answer, Record

REF = "#/components/schemas/{name}"
JSON, PROBLEM = "application/json", "application/problem+json"
TEXT = {"type": "string"}
MAYBE_TEXT = {"type": ["string", "null"]}
UUID = {"type": "string", "format": "uuid"}
INSTANT = {"type": "string", "format": "date-time"}
PROBLEMS = {
    "400": "No JSON, no UTF-8, or a stale token (`bad_csrf`): fetch a new one and ask again.",
    "401": "Nobody is signed in (`not_signed_in`): keep everything and ask to sign in.",
    "403": "Not for this person, or a one-time password must be changed first (`password_must_change`).",
    "409": "The id belongs to other bytes or another person.",
    "413": "Too much at once (`body_too_large`).",
    "415": "Another content type than is asked for.",
    "422": "JSON, but no batch of records (`bad_records`).",
    "503": "Busy or full (`busy`, `disk_full`): nothing is stored; come again after `Retry-After`.",
}


def document() -> dict[str, Any]:
    """The whole document."""
    _, components = msgspec.json.schema_components([Record, Answer], ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pendamping", "version": __version__, "description": "What tablets and the office say."},
        "components": {
            "schemas": {**components, **_own_schemas()},
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "pendamping"}},
        },
        "security": [{"session": []}],
        "paths": {
            "/api/v1/session": {"get": _session()},
            "/api/v1/field-pack": {"get": _field_pack()},
            "/api/v1/records": {"post": _records()},
            "/api/v1/records/{record_id}/comparison": {"get": _comparison()},
            "/api/v1/attachments/{attachment_id}": {"put": _attachment()},
            "/api/v1/devices/{device_id}": {"put": _device()},
            "/api/v1/openapi.json": {"get": _openapi()},
        },
    }


def _session() -> dict[str, Any]:
    return {
        "operationId": "session",
        "summary": "Who is signed in, the token of the next record, and what the server remembers.",
        "parameters": [_header("X-Pendamping-Waiting", "How many records wait on the tablet.")],
        "responses": {**_answer("200", "Session"), **_problems("401")},
    }


def _field_pack() -> dict[str, Any]:
    return {
        "operationId": "fieldPack",
        "summary": "Pages and files to carry along; 304 while nothing has changed.",
        "parameters": [_header("If-None-Match", "The ETag of the pack that the tablet has.")],
        "responses": {
            **_answer("200", "FieldPack"),
            "304": {"description": "Nothing has changed."},
            **_problems("401", "403"),
        },
    }


def _records() -> dict[str, Any]:
    return {
        "operationId": "records",
        "summary": "Hand in what was written; each record gets its own answer, in the same order.",
        "parameters": [_token()],
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref("Batch")}}},
        "responses": {**_answer("200", "Answer"), **_problems("400", "401", "403", "413", "415", "422", "503")},
    }


def _comparison() -> dict[str, Any]:
    return {
        "operationId": "compare",
        "summary": "A record that met another version (`conflict`), beside that version, field by field in words.",
        "parameters": [
            {"name": "record_id", "in": "path", "required": True, "schema": UUID},
            {
                "name": "sha256",
                "in": "query",
                "description": "Which of several that met another one; the newest without it.",
                "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            },
        ],
        "responses": {**_answer("200", "Comparison"), **_problems("401", "403", "404")},
    }


def _attachment() -> dict[str, Any]:
    kinds = ("image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf")
    return {
        "operationId": "putAttachment",
        "summary": "One file, whole; the first sending binds the id to its sender and its bytes.",
        "parameters": [
            {"name": "attachment_id", "in": "path", "required": True, "schema": UUID},
            _token(),
            _header("Content-Digest", "RFC 9530: `sha-256=:<base64>:`."),
        ],
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds},
        },
        "responses": {
            **_answer("200", "Attachment", "The same bytes are there already."),
            **_answer("201", "Attachment", "Taken in."),
            **_problems("400", "401", "403", "404", "409", "413", "415", "503"),
        },
    }


def _device() -> dict[str, Any]:
    return {
        "operationId": "putDevice",
        "summary": "Register this tablet under an id of its own, with the public half of its key.",
        "parameters": [{"name": "device_id", "in": "path", "required": True, "schema": UUID}, _token()],
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref("Registration")}}},
        "responses": {
            **_answer("200", "Device", "Known already."),
            **_answer("201", "Device", "Registered."),
            **_problems("400", "401", "403", "404", "409", "413", "422", "503"),
        },
    }


def _openapi() -> dict[str, Any]:
    return {
        "operationId": "openapi",
        "summary": "This document.",
        "responses": {
            "200": {"description": "OpenAPI 3.1.", "content": {JSON: {"schema": {"type": "object"}}}},
            **_problems("401"),
        },
    }


def _own_schemas() -> dict[str, Any]:
    page = {"url": TEXT, "revision": TEXT, "title": TEXT}
    assets = {"type": "array", "items": _object({"url": TEXT})}
    return {
        "Batch": {
            **_object({"records": {"type": "array", "maxItems": MAX_RECORDS, "items": _ref("Record")}}),
            "additionalProperties": False,
        },
        "Session": _session_schema(),
        "FieldPack": _object(
            {
                "build": TEXT,
                "user": UUID,
                "made_at": INSTANT,
                "pages": {"type": "array", "items": _object(page)},
                "assets": assets,
                "instruments": {"type": "object", "additionalProperties": TEXT},
            }
        ),
        "Comparison": _comparison_schema(),
        "Attachment": _object(
            {"id": UUID, "sha256": TEXT, "media_type": TEXT, "byte_size": {"type": "integer"}, "received_at": INSTANT}
        ),
        "Registration": {
            "type": "object",
            "properties": {"name": TEXT, "public_key": {"type": ["string", "null"]}},
        },
        "Device": _object({"id": UUID, "name": TEXT, "has_key": {"type": "boolean"}}),
        "Problem": _object(
            {
                "type": TEXT,
                "title": TEXT,
                "status": {"type": "integer"},
                "code": TEXT,
                "detail": TEXT,
                "request_id": {"type": ["string", "null"]},
            }
        ),
    }


def _comparison_schema() -> dict[str, Any]:
    names = {"type": "array", "items": TEXT}
    row = {"names": names, "label": TEXT, "mine": TEXT, "office": TEXT, "can_win": {"type": "boolean"}}
    return _object(
        {
            "kind": TEXT,
            "about": UUID,
            "base_sha256": MAYBE_TEXT,
            "written_over": MAYBE_TEXT,
            "rows": {"type": "array", "items": _object(row)},
            "can_keep_both": {"type": "boolean"},
            "is_closed": {"type": "boolean"},
            "actions": {"type": "array", "items": {"type": "object"}},
        }
    )


def _session_schema() -> dict[str, Any]:
    return _object(
        {
            "user": UUID,
            "name": TEXT,
            "role": TEXT,
            "csrf_token": TEXT,
            "server_time": INSTANT,
            "epoch": TEXT,
            "receipts": {"type": "integer"},
            "device": {"type": ["string", "null"], "description": "The tablet of this session, once registered."},
            "leaving": {
                "oneOf": [_object({"why": TEXT, "until": INSTANT, "then": TEXT}), {"type": "null"}],
                "description": "Of whoever has left: hand in what waits until then, and wipe.",
            },
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": REF.format(name=name)}


def _answer(status: str, schema: str, description: str = "Done.") -> dict[str, Any]:
    return {status: {"description": description, "content": {JSON: {"schema": _ref(schema)}}}}


def _problems(*statuses: str) -> dict[str, Any]:
    return {
        status: {"description": PROBLEMS.get(status, "Not there."), "content": {PROBLEM: {"schema": _ref("Problem")}}}
        for status in statuses
    }


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": description, "schema": TEXT}


def _token() -> dict[str, Any]:
    return {**_header("X-CSRF-Token", "From the session; the older name X-CSRFToken does as well."), "required": True}
