"""Values off the wire, checked and converted against a botocore shape."""

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from dateutil.parser import isoparse

from lambdatop.demo.document import Document


class ShapeReader:
    """Reads one request; what does not fit the model is gathered in `problems`, in AWS's words.

    Timestamps become epoch seconds, blobs become bytes, and members that the model does not know are dropped.
    `is_text` says that numbers and booleans arrive as text, as they do in a query string.
    """

    def __init__(self, *, is_text: bool) -> None:
        self._is_text = is_text
        self.problems: list[str] = []
        self.missing: list[str] = []
        self._readers: dict[str, Callable[[Any, Any, str], Any]] = {
            "structure": self._structure,
            "list": self._list,
            "map": self._map,
            "string": self._string,
            "blob": self._blob,
            "boolean": self._boolean,
            "timestamp": self._timestamp,
            **dict.fromkeys(("integer", "long"), self._whole_number),
            **dict.fromkeys(("float", "double"), self._number),
        }

    def read(self, shape: Shape, value: object, path: str = "") -> Any:  # noqa: ANN401  # a shape decides the type
        """The value in Python's types; None where it does not fit."""
        return self._readers[shape.type_name](shape, value, path)

    def _structure(self, shape: StructureShape, value: object, path: str) -> Document | None:
        if not isinstance(value, dict):
            self._wrong(path, "an object")
            return None
        prefix = f"{path}." if path else ""
        for name in shape.required_members:
            if value.get(name) is None:
                self.missing.append(prefix + name)
                self.problems.append(
                    f"Value null at '{prefix}{name}' failed to satisfy constraint: Member must not be null"
                )
        return {
            name: self.read(member, value[name], prefix + name)
            for name, member in shape.members.items()
            if value.get(name) is not None
        }

    def _list(self, shape: ListShape, value: object, path: str) -> list[Any] | None:
        if not isinstance(value, list):
            self._wrong(path, "a list")
            return None
        self._check_length(shape, len(value), path)
        return [self.read(shape.member, item, f"{path}.{index}.member") for index, item in enumerate(value, 1)]

    def _map(self, shape: MapShape, value: object, path: str) -> Document | None:
        if not isinstance(value, dict):
            self._wrong(path, "a map")
            return None
        return {str(key): self.read(shape.value, item, f"{path}.{key}") for key, item in value.items()}

    def _string(self, shape: Shape, value: object, path: str) -> str | None:
        if not isinstance(value, str):
            self._wrong(path, "a string")
            return None
        self._check_length(shape, len(value), path)
        enum = shape.metadata.get("enum")
        if enum and value not in enum:
            self._constraint(path, value, f"Member must satisfy enum value set: [{', '.join(enum)}]")
        pattern = _compiled(shape.metadata.get("pattern"))
        if pattern is not None and not pattern.fullmatch(value):
            self._constraint(path, value, f"Member must satisfy regular expression pattern: {pattern.pattern}")
        return value

    def _blob(self, _shape: Shape, value: object, path: str) -> bytes | None:
        if isinstance(value, bytes):
            return value
        try:
            return base64.b64decode(str(value), validate=True)
        except binascii.Error:
            self._wrong(path, "base64")
            return None

    def _boolean(self, _shape: Shape, value: object, path: str) -> bool | None:
        if isinstance(value, bool):
            return value
        if self._is_text and value in {"true", "false"}:
            return value == "true"
        self._wrong(path, "a boolean")
        return None

    def _whole_number(self, shape: Shape, value: object, path: str) -> int | None:
        number = self._number(shape, value, path)
        if number is None:
            return None
        if number != int(number):
            self._wrong(path, "a whole number")
            return None
        return int(number)

    def _number(self, shape: Shape, value: object, path: str) -> float | None:
        number = value
        if self._is_text and isinstance(value, str):
            try:
                number = float(value)
            except ValueError:
                self._wrong(path, "a number")
                return None
        if isinstance(number, bool) or not isinstance(number, int | float):
            self._wrong(path, "a number")
            return None
        minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
        if minimum is not None and number < minimum:
            self._constraint(path, value, f"Member must have value greater than or equal to {minimum}")
        if maximum is not None and number > maximum:
            self._constraint(path, value, f"Member must have value less than or equal to {maximum}")
        return number

    def _timestamp(self, _shape: Shape, value: object, path: str) -> float | None:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        try:
            moment: datetime = isoparse(str(value))
        except ValueError:
            self._wrong(path, "a timestamp")
            return None
        return moment.timestamp()

    def _check_length(self, shape: Shape, length: int, path: str) -> None:
        minimum, maximum = shape.metadata.get("min"), shape.metadata.get("max")
        if minimum is not None and length < minimum:
            self._constraint(path, "", f"Member must have length greater than or equal to {minimum}")
        if maximum is not None and length > maximum:
            self._constraint(path, "", f"Member must have length less than or equal to {maximum}")

    def _constraint(self, path: str, value: object, constraint: str) -> None:
        self.problems.append(f"Value '{value}' at '{path}' failed to satisfy constraint: {constraint}")

    def _wrong(self, path: str, wanted: str) -> None:
        self.problems.append(f"Value at '{path}' is not {wanted}")

    def sentence(self) -> str:
        """Every problem in the form of AWS's own validation."""
        count = len(self.problems)
        noun = "error" if count == 1 else "errors"
        return f"{count} validation {noun} detected: {'; '.join(self.problems)}"


@cache
def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    """A model's pattern; the few that Python cannot read (Java's character class algebra) are not checked."""
    if pattern is None or "&&" in pattern or r"\p{" in pattern:
        return None
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None
