"""The query protocol's flat parameters as the nested document that they stand for."""

from typing import Any
from urllib.parse import parse_qsl

from botocore.model import ListShape, MapShape, Shape, StructureShape

from lambdatop.demo.wire.shape_writer import QUERY_NAMES


def parse_parameters(body: bytes) -> dict[str, str]:
    """`Action=…&Version=…&…` by name."""
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def unflatten(shape: Shape, parameters: dict[str, str], prefix: str) -> Any:  # noqa: ANN401  # a shape decides the type
    """What the parameters under a prefix say, shaped by the model; None where there are none."""
    if isinstance(shape, StructureShape):
        members = {
            name: unflatten(member, parameters, _join(prefix, _wire_name(name, member)))
            for name, member in shape.members.items()
            if prefix.count(".") < 20
        }
        found = {name: value for name, value in members.items() if value is not None}
        return found if found or not prefix else None
    if isinstance(shape, ListShape):
        inner = prefix if shape.serialization.get("flattened") else _join(prefix, "member")
        return [
            unflatten(shape.member, parameters, f"{inner}.{index}") for index in _indices(parameters, inner)
        ] or None
    if isinstance(shape, MapShape):
        inner = prefix if shape.serialization.get("flattened") else _join(prefix, "entry")
        return _map(shape, parameters, inner)
    return parameters.get(prefix)


def _map(shape: MapShape, parameters: dict[str, str], inner: str) -> dict[str, Any] | None:
    is_flat = shape.serialization.get("flattened")
    key_name = shape.key.serialization.get("name", "Name" if is_flat else "key")
    value_name = shape.value.serialization.get("name", "Value" if is_flat else "value")
    entries = {
        parameters[f"{inner}.{index}.{key_name}"]: unflatten(shape.value, parameters, f"{inner}.{index}.{value_name}")
        for index in _indices(parameters, inner)
        if f"{inner}.{index}.{key_name}" in parameters
    }
    return entries or None


def _wire_name(name: str, shape: Shape) -> str:
    default = QUERY_NAMES.get(name, name) if shape.serialization.get("flattened") else name
    return str(shape.serialization.get("name", default))


def _indices(parameters: dict[str, str], prefix: str) -> list[int]:
    start = f"{prefix}."
    numbers = {key[len(start) :].partition(".")[0] for key in parameters if key.startswith(start)}
    return sorted(int(number) for number in numbers if number.isdecimal())


def _join(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name
