"""What the `estimate` command answered: how much a query would scan.

AWS documents that it returns the bytes, and not under which name: a row's only number is taken, or the one whose name
speaks of bytes.
"""

import re
from collections.abc import Mapping, Sequence

_NUMBER = re.compile(
    r"\s*([0-9][0-9,]*(?:\.[0-9]+)?(?:[eE]\+?[0-9]+)?)\s*(?:([KMGTP])(i?))?(?:B|bytes?)?\s*", re.IGNORECASE
)
_POWERS = "KMGTP"


def estimated_bytes(rows: Sequence[Mapping[str, str]]) -> float | None:
    """Return the bytes that an estimate's rows tell of; None where they are not understood.

    >>> estimated_bytes([{"estimatedBytesScanned": "1500000000"}])
    1500000000.0
    """
    if len(rows) != 1:
        return None
    numbers = {field: size for field, value in rows[0].items() if (size := byte_count(value)) is not None}
    spoken = [size for field, size in numbers.items() if "byte" in field.lower()]
    sizes = spoken or [size for field, size in numbers.items() if not field.startswith("@")]
    return sizes[0] if len(sizes) == 1 else None


def byte_count(text: str) -> float | None:
    """Return a number of bytes as it is written; None for anything else.

    >>> byte_count("1,024"), byte_count("1.5 GB"), byte_count("2 KiB"), byte_count("2026-11-21 03:00")
    (1024.0, 1500000000.0, 2048.0, None)
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    power = _POWERS.index(found[2].upper()) + 1 if found[2] else 0
    unit: float = (1024 if found[3] else 1000) ** power
    return float(found[1].replace(",", "")) * unit
