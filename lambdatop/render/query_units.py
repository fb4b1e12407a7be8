"""Numbers of queries as people read them: bytes scanned, and values of a column in the unit that its name tells."""

from lambdatop.render.span import Printable
from lambdatop.render.units import UNKNOWN

_PREFIXES = "kMGTPE"


def byte_count(value: float | None) -> Printable:
    """Return a number of bytes in at most 7 cells, in decimal units, as AWS prices them.

    >>> [byte_count(value) for value in (0, 999, 1_000, 12_345, 3_420_000_000, 999_999)]
    ['0 B', '999 B', '1.0 kB', '12 kB', '3.4 GB', '1.0 MB']
    """
    if value is None:
        return UNKNOWN
    scaled, prefix = float(value), ""
    for larger in _PREFIXES:
        if abs(scaled) < 999.5:
            break
        scaled, prefix = scaled / 1000, larger
    is_short = prefix and abs(scaled) < 9.95
    return Printable(f"{scaled:.1f} {prefix}B" if is_short else f"{scaled:.0f} {prefix}B")
