"""Numbers of payment cards: told from other long numbers by their issuer's prefix, their length and Luhn's sum."""

import re
from collections.abc import Iterator

from lambdatop.render.secret_place import Secret, worded

_ISSUERS = re.compile(
    r"""4\d{12}(?:\d{3}){0,2}\Z
        |(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}\Z
        |3[47]\d{13}\Z
        |(?:6011|64[4-9]\d|65\d\d|62\d\d|35(?:2[89]|[3-8]\d))\d{12,15}\Z
        |3(?:0[0-5]|[689]\d)\d{11}\Z
        |(?:5018|5020|5038|6304|6759|676[1-3])\d{12,15}\Z""",
    re.VERBOSE,
)
"""Visa, Mastercard, American Express, Discover with UnionPay and JCB, Diners Club, Maestro (ISO/IEC 7812 ranges)."""
_CANDIDATE = re.compile(
    r"(?<![\w.+/=@#-])[2-6]\d{3}(?:"
    r"(?P<s>[ -])(?:\d{4}(?P=s)\d{4}(?P=s)\d{4}(?:(?P=s)\d{3})?|\d{6}(?P=s)\d{4,5})"
    r"|\d{9,15})(?![\w/-]|\.\d)"
)
_KEY_OF_JSON = re.compile(r"(\\{0,63}\")\s{0,8}:\s{0,8}\Z")
_IN_LIST = re.compile(r"[\[,]\s{0,8}\Z")
_LAST_QUOTE_INSIDE = re.compile(r"(\\{1,63}\")[^\"]*\Z")
_ENDS_VALUE = re.compile(r"\s{0,8}[,}\]]")
_OTHER_NUMBER = re.compile(
    r"(?:(?-i:(?<![A-Za-z])[Ii][Dd]|Id|ID)|order|invoice|tracking|parcel|shipment|trace|span|request|transaction|timestamp"
    r"|nonce|sequence|seq|offset|version|ean|gtin|isbn|imei|phone|serial|reference|ref|batch|checksum|number|num)"
    r"(?:[\s_-]{0,2}(?:number|no\.?|num|nr\.?|key|code|ref))?[\"'\\]{0,63}\s{0,2}[:=#]?\s{0,2}[\"'\\\[]{0,63}\Z",
    re.IGNORECASE,
)
"""Before a number that is something else, whatever its digits say."""
_CARD = re.compile(r"card|\bpan\b|visa|mastercard|amex|credit", re.IGNORECASE)
_BEFORE = 96
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_SHORT_VISA = 13
"""Visa's old length, which is also that of barcodes and order numbers: only where a card is spoken of."""
_TO_ZERO = bytes(0x30 if 0x30 <= byte <= 0x39 else 0x78 for byte in range(256))
_ENOUGH_DIGITS = b"0" * 13


class CardPattern:
    """Card numbers, in one piece or in the groups that stand on the card."""

    name = "card"

    def may_hold(self, text: str) -> bool:
        """Return whether the text has as many digits in a row, blanks and hyphens aside: quick, never wrongly no."""
        return _ENOUGH_DIGITS in text.encode("ascii", "replace").translate(_TO_ZERO, b" -")

    def secrets(self, text: str) -> Iterator[Secret]:
        """Yield the card numbers."""
        match = _CANDIDATE.search(text)
        while match is not None:
            secret = _card(text, match)
            if secret is not None:
                yield secret
            match = _CANDIDATE.search(text, match.start() + 1 if secret is None else secret.end)


def _card(text: str, match: re.Match[str]) -> Secret | None:
    digits = match[0].replace(match["s"], "") if match["s"] else match[0]
    if not _ISSUERS.match(digits) or not is_luhn(digits):
        return None
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    is_of_card = _CARD.search(before) is not None
    if not is_of_card and (len(digits) == _SHORT_VISA or _OTHER_NUMBER.search(before)):
        return None
    quote = _quote_of_bare(text, match, before)
    return Secret(match.start(), match.end(), f"{quote}{worded('card', digits[-4:])}{quote}")


def _quote_of_bare(text: str, match: re.Match[str], before: str) -> str:
    """Return the quotes that words need in the place of a bare number of JSON, or of JSON inside JSON."""
    if not _ENDS_VALUE.match(text, match.end()):
        return ""
    key = _KEY_OF_JSON.search(before)
    if key is not None:
        return key[1]
    quote = _LAST_QUOTE_INSIDE.search(before) if _IN_LIST.search(before) else None
    return "" if quote is None else quote[1]


def is_luhn(digits: str) -> bool:
    """Return whether the last digit is the one that Luhn's sum asks for (ISO/IEC 7812-1, annex B).

    >>> is_luhn("4242424242424242"), is_luhn("4242424242424241")
    (True, False)
    """
    numbers = [int(digit) for digit in reversed(digits)]
    return (sum(numbers[::2]) + sum(_DOUBLED[number] for number in numbers[1::2])) % 10 == 0
