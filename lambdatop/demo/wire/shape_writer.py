"""Answers to JSON and to the XML of the query protocol, by a botocore shape."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import msgspec
from botocore.model import ListShape, MapShape, Shape, StructureShape

from lambdatop.demo.document import Document

QUERY_NAMES = {
    "Attributes": "Attribute",
    "AttributeNames": "AttributeName",
    "MessageAttributes": "MessageAttribute",
    "MessageAttributeNames": "MessageAttributeName",
    "MessageSystemAttributeNames": "MessageSystemAttributeName",
    "QueueUrls": "QueueUrl",
    "queueUrls": "QueueUrl",
    "Messages": "Message",
    "Entries": "SendMessageBatchRequestEntry",
    "Successful": "SendMessageBatchResultEntry",
    "Failed": "BatchResultErrorEntry",
}
"""SQS's flattened members by the names that its query protocol gave them; the JSON model no longer says."""


def to_json(shape: Shape, value: object) -> bytes:
    """An answer as JSON: bytes as base64; the rest is encoded as it is, since no other JSON value needs a change."""
    return msgspec.json.encode(_encodable(shape, value) if _has_blob(shape) else value)


def _encodable(shape: Shape, value: Any) -> Any:  # noqa: ANN401  # a shape decides the type
    if isinstance(shape, StructureShape):
        return {name: _encodable(shape.members[name], item) for name, item in value.items() if name in shape.members}
    if isinstance(shape, ListShape):
        return [_encodable(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        return {key: _encodable(shape.value, item) for key, item in value.items()}
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


@cache
def _has_blob(shape: Shape, *above: str) -> bool:
    if shape.name in above:
        return False
    inner: list[Shape] = []
    if isinstance(shape, StructureShape):
        inner = list(shape.members.values())
    elif isinstance(shape, ListShape):
        inner = [shape.member]
    elif isinstance(shape, MapShape):
        inner = [shape.value]
    return shape.type_name == "blob" or any(_has_blob(part, *above, shape.name) for part in inner)


def to_xml(shape: StructureShape, value: Document) -> str:
    """The members of a structure as XML elements."""
    return "".join(
        element
        for name, member in shape.members.items()
        if value.get(name) is not None
        for element in _elements(name, member, value[name])
    )


def _elements(name: str, shape: Shape, value: Any) -> Iterator[str]:  # noqa: ANN401  # a shape decides the type
    is_flat = shape.serialization.get("flattened", False)
    tag = shape.serialization.get("name", QUERY_NAMES.get(name, name) if is_flat else name)
    if isinstance(shape, StructureShape):
        yield f"<{tag}>{to_xml(shape, value)}</{tag}>"
    elif isinstance(shape, ListShape):
        inner = tag if is_flat else shape.member.serialization.get("name", "member")
        items = "".join(element for item in value for element in _elements(inner, shape.member, item))
        yield items if is_flat else f"<{tag}>{items}</{tag}>"
    elif isinstance(shape, MapShape):
        key_tag = shape.key.serialization.get("name", "Name" if is_flat else "key")
        value_tag = shape.value.serialization.get("name", "Value" if is_flat else "value")
        entry = tag if is_flat else "entry"
        entries = "".join(
            f"<{entry}><{key_tag}>{escape(key)}</{key_tag}>{''.join(_elements(value_tag, shape.value, item))}</{entry}>"
            for key, item in value.items()
        )
        yield entries if is_flat else f"<{tag}>{entries}</{tag}>"
    else:
        yield f"<{tag}>{escape(_text(shape, value))}</{tag}>"


def _text(shape: Shape, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if shape.type_name == "timestamp" and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return str(value)
