"""The scalar functions of the reference, one line of plain Python each where it can be."""

import base64
import hashlib
import ipaddress
import math
import re
import urllib.parse
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from tests.insights import reference_values as values
from tests.insights.reference_values import JsonNumber, Structure, Value, boolean, number_of, number_text

_RESERVED = [
    ipaddress.ip_network(text)
    for text in [
        "0.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
        "2001:db8::/32",
    ]
]
_PRIVATE = [ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def call(function: str, arguments: list[Value]) -> Value:
    """The value of a scalar function that needs nothing but its arguments."""
    if function in _OF_ANY:
        return _OF_ANY[function](arguments)
    if function in _OF_NUMBERS:
        numbers = [number_of(argument) for argument in arguments]
        present = [number for number in numbers if number is not None]
        return _numeric(_OF_NUMBERS[function], present) if len(present) == len(numbers) else None
    texts = [str(argument) for argument in arguments if isinstance(argument, str)]
    return _OF_TEXTS[function](texts) if len(texts) == len(arguments) else None


def _numeric(function: Callable[[list[float]], float], numbers: list[float]) -> Value:
    try:
        return number_text(function(numbers))
    except (ValueError, OverflowError, ZeroDivisionError):
        return None


def _half_away(number: float) -> float:
    # From 2 to the 52nd on every double is whole.
    return number if not abs(number) < 2**52 else float(Decimal(number).quantize(Decimal(1), ROUND_HALF_UP))


def _round(numbers: list[float]) -> float:
    if len(numbers) == 1:
        return _half_away(numbers[0])
    places = math.trunc(numbers[1])
    if places < 0:
        return _half_away(numbers[0] / 10.0**-places) * 10.0**-places
    return _half_away(numbers[0] * 10.0**places) / 10.0**places


def _within(bits: int) -> Callable[[list[float]], float]:
    def cut(numbers: list[float]) -> float:
        whole = math.trunc(numbers[0])
        if not -(2 ** (bits - 1)) <= whole < 2 ** (bits - 1):
            raise OverflowError
        return float(whole)

    return cut


def haversine(numbers: list[float]) -> float:
    """Kilometres between two places."""
    one, east, two, west = map(math.radians, numbers)
    half = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin((west - east) / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(half))


_OF_NUMBERS: dict[str, Callable[[list[float]], float]] = {
    "abs": lambda a: abs(a[0]),
    "ceil": lambda a: float(math.ceil(a[0])),
    "floor": lambda a: float(math.floor(a[0])),
    "sqrt": lambda a: math.sqrt(a[0]),
    "log": lambda a: math.log(a[0]),
    "greatest": max,
    "least": min,
    "round": _round,
    "haversine": haversine,
    "tonumber": lambda a: a[0],
    "todouble": lambda a: a[0],
    "tomillis": lambda a: a[0],
    "toint": _within(32),
    "tolong": _within(64),
}


def _substr(texts: list[str]) -> Value:
    numbers = [number_of(text) for text in texts[1:]]
    if None in numbers:
        return None
    start, *length = [max(0, math.trunc(number or 0)) for number in numbers]
    return texts[0][start : start + length[0]] if length else texts[0][start:]


def _decoded(decode: Callable[[str], bytes], text: str) -> Value:
    try:
        return decode(text).decode()
    except ValueError:
        return None


def _hex_to_dec(text: str) -> Value:
    digits = re.fullmatch(r"(-?)(?:0[xX])?([0-9a-fA-F]+)", text)
    return number_text(float(int(digits[1] + digits[2], 16))) if digits else None


def _dec_to_hex(text: str) -> Value:
    number = number_of(text)
    return None if number is None else hex(math.trunc(number))


def _address(text: str) -> _Address | None:
    try:
        return None if "%" in text else ipaddress.ip_address(text)
    except ValueError:
        return None


def _ipv4_to_number(text: str) -> Value:
    address = _address(text)
    return str(int(address)) if isinstance(address, ipaddress.IPv4Address) else None


def _json_items(value: Value) -> list[object] | None:
    structure = value if isinstance(value, Structure) else values.read_json(value)
    is_list = isinstance(structure, Structure) and isinstance(structure.content, list)
    return structure.content if is_list and isinstance(structure, Structure) else None


_OF_TEXTS: dict[str, Callable[[list[str]], Value]] = {
    "strlen": lambda a: str(len(a[0])),
    "messagesize": lambda a: str(len(a[0].encode())),
    "toupper": lambda a: a[0].upper(),
    "tolower": lambda a: a[0].lower(),
    "concat": "".join,
    "trim": lambda a: a[0].strip(a[1] if len(a) > 1 else values.BLANK),
    "ltrim": lambda a: a[0].lstrip(a[1] if len(a) > 1 else values.BLANK),
    "rtrim": lambda a: a[0].rstrip(a[1] if len(a) > 1 else values.BLANK),
    "substr": _substr,
    "replace": lambda a: a[0].replace(a[1], a[2]) if a[1] else a[0],
    "regexreplace": lambda a: values.python_regex(a[1]).sub(a[2], a[0]),
    "split": lambda a: Structure(a[0].split(a[1])) if a[1] else None,
    "urlencode": lambda a: urllib.parse.quote(a[0], safe="-_.~"),
    "urldecode": lambda a: urllib.parse.unquote(a[0]),
    "base64encode": lambda a: base64.b64encode(a[0].encode()).decode(),
    "base64decode": lambda a: _decoded(lambda text: base64.b64decode(text, validate=True), a[0]),
    "hextoascii": lambda a: _decoded(bytes.fromhex, a[0]) if re.fullmatch("[0-9a-fA-F]*", a[0]) else None,
    "hextodec": lambda a: _hex_to_dec(a[0]),
    "dectohex": lambda a: _dec_to_hex(a[0]),
    "md5": lambda a: hashlib.md5(a[0].encode(), usedforsecurity=False).hexdigest(),
    "sha256": lambda a: hashlib.sha256(a[0].encode()).hexdigest(),
    "ipv4tonumber": lambda a: _ipv4_to_number(a[0]),
    "jsonparse": lambda a: values.read_json(a[0]),
}


def _text(value: Value) -> str | None:
    return str(value) if isinstance(value, str) else None


def _coalesce(arguments: list[Value]) -> Value:
    return next((argument for argument in arguments if argument is not None), None)


def _case(arguments: list[Value]) -> Value:
    for condition, value in zip(arguments[::2], arguments[1::2], strict=False):
        if values.holds(condition):
            return value
    return arguments[-1] if len(arguments) % 2 else None


def _has_text(test: Callable[[str, str], bool]) -> Callable[[list[Value]], Value]:
    def tested(arguments: list[Value]) -> Value:
        text, part = _text(arguments[0]), _text(arguments[1])
        if text is None or part is None:
            return "0"
        if len(arguments) > 2 and values.holds(arguments[2]):
            return boolean(test(text.lower(), part.lower()))
        return boolean(test(text, part))

    return tested


def _is_address(test: Callable[[_Address], bool]) -> Callable[[list[Value]], Value]:
    def tested(arguments: list[Value]) -> Value:
        address = _address(_text(arguments[0]) or "")
        return boolean(address is not None and test(address))

    return tested


def _in_subnet(versions: tuple[int, ...]) -> Callable[[list[Value]], Value]:
    def tested(arguments: list[Value]) -> Value:
        address = _address(_text(arguments[0]) or "")
        try:
            subnet = ipaddress.ip_network(_text(arguments[1]) or "", strict=False)
        except ValueError:
            return "0"
        return boolean(address is not None and address.version in versions and address in subnet)

    return tested


def _json_stringify(arguments: list[Value]) -> Value:
    return values.json_text(arguments[0].content) if isinstance(arguments[0], Structure) else None


def _json_array_size(arguments: list[Value]) -> Value:
    items = _json_items(arguments[0])
    return None if items is None else str(len(items))


def _json_array_contains(arguments: list[Value]) -> Value:
    items = _json_items(arguments[0]) or []
    return boolean(any(isinstance(item, str | JsonNumber) and str(item) == arguments[1] for item in items))


_OF_ANY: dict[str, Callable[[list[Value]], Value]] = {
    "ispresent": lambda a: boolean(a[0] is not None),
    "isempty": lambda a: boolean(not _text(a[0])),
    "isblank": lambda a: boolean(not (_text(a[0]) or "").strip(values.BLANK)),
    "isnumeric": lambda a: boolean(number_of(a[0]) is not None),
    "coalesce": _coalesce,
    "case": _case,
    "if": _case,
    "strcontains": _has_text(lambda text, part: part in text),
    "startswith": _has_text(str.startswith),
    "endswith": _has_text(str.endswith),
    "jsonstringify": _json_stringify,
    "jsonarraysize": _json_array_size,
    "jsonarraycontains": _json_array_contains,
    "isvalidip": _is_address(bool),
    "isvalidipv4": _is_address(lambda address: address.version == 4),
    "isvalidipv6": _is_address(lambda address: address.version == 6),
    "isipinsubnet": _in_subnet((4, 6)),
    "isipv4insubnet": _in_subnet((4,)),
    "isipv6insubnet": _in_subnet((6,)),
    "isprivateip": _is_address(lambda address: any(address in subnet for subnet in _PRIVATE)),
    "isreservedip": _is_address(lambda address: any(address in subnet for subnet in _RESERVED)),
    "ispublicip": _is_address(lambda address: not any(address in subnet for subnet in _PRIVATE + _RESERVED)),
}
