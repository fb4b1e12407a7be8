"""Every function and aggregate of Logs Insights, with how many arguments it takes.

Names, arguments and results: "Boolean, comparison, numeric, datetime, and other functions" and "stats" in the
CloudWatch Logs user guide. One table for the parser, the completion and the compiler, so that they cannot disagree.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Function:
    """What is known of one function; `most` is None where any number of arguments is taken."""

    name: str
    kind: Literal["scalar", "aggregate"]
    least: int
    most: int | None
    signature: str
    summary: str
    is_run_here: bool = True


def _scalar(signature: str, least: int, most: int | None, summary: str, *, is_run_here: bool = True) -> Function:
    return Function(signature.partition("(")[0], "scalar", least, most, signature, summary, is_run_here)


def _aggregate(signature: str, least: int, most: int | None, summary: str, *, is_run_here: bool = True) -> Function:
    return Function(signature.partition("(")[0], "aggregate", least, most, signature, summary, is_run_here)


_NUMERIC = (
    _scalar("abs(number)", 1, 1, "The absolute value."),
    _scalar("ceil(number)", 1, 1, "The smallest integer that is not less."),
    _scalar("floor(number)", 1, 1, "The largest integer that is not greater."),
    _scalar("greatest(number, …)", 1, None, "The largest of its arguments."),
    _scalar("least(number, …)", 1, None, "The smallest of its arguments."),
    _scalar("log(number)", 1, 1, "The natural logarithm."),
    _scalar("round(number, places)", 1, 2, "The number rounded to so many decimal places, or to an integer."),
    _scalar("sqrt(number)", 1, 1, "The square root."),
    _scalar("haversine(latitude1, longitude1, latitude2, longitude2)", 4, 4, "The distance of two places in km."),
    _scalar("toNumber(value)", 1, 1, "The value as a number."),
    _scalar("toInt(value)", 1, 1, "The value as an integer."),
    _scalar("toLong(value)", 1, 1, "The value as an integer of 64 bits."),
    _scalar("toDouble(value)", 1, 1, "The value as a floating-point number."),
)

_DATETIME = (
    _scalar("bin(period)", 1, 1, "@timestamp rounded down to the period, such as bin(5m)."),
    _scalar("datefloor(timestamp, period)", 2, 2, "The timestamp rounded down to the period."),
    _scalar("dateceil(timestamp, period)", 2, 2, "The timestamp rounded up to the period."),
    _scalar("fromMillis(number)", 1, 1, "Milliseconds since 1970 as a timestamp."),
    _scalar("toMillis(timestamp)", 1, 1, "The timestamp as milliseconds since 1970."),
    _scalar("now()", 0, 0, "The time of the query, in seconds since 1970."),
    _scalar("parseDate(text, format, zone)", 2, 3, "The timestamp that a text says."),
    _scalar("formatDate(timestamp, format, zone)", 2, 3, "The timestamp as text."),
)

_GENERAL = (
    _scalar("ispresent(field)", 1, 1, "Whether the field is there."),
    _scalar("coalesce(value, …)", 1, None, "The first of its arguments that is not null."),
    _scalar("if(condition, then, else)", 3, 3, "One value where the condition holds, else the other."),
    _scalar("case(condition, value, …, default)", 2, 21, "The value of the first condition that holds."),
    _scalar("isNumeric(value)", 1, 1, "Whether the value is a number."),
    _scalar("messageSize(field)", 1, 1, "The length of the text in bytes."),
    _scalar("queryStartTime()", 0, 0, "The start of the query's time range, in milliseconds since 1970."),
    _scalar("queryEndTime()", 0, 0, "The end of the query's time range, in milliseconds since 1970."),
    _scalar("queryTimeRange()", 0, 0, "The length of the query's time range in milliseconds."),
)

_JSON = (
    _scalar("jsonParse(text)", 1, 1, "The map or list that a JSON text says."),
    _scalar("jsonStringify(value)", 1, 1, "A map or list as JSON text."),
    _scalar("jsonArraySize(list)", 1, 1, "The number of items of a list."),
    _scalar("jsonArrayContains(list, value)", 2, 2, "Whether the list has the value among its items."),
)

_IP = (
    _scalar("isValidIp(text)", 1, 1, "Whether the text is an IPv4 or IPv6 address."),
    _scalar("isValidIpV4(text)", 1, 1, "Whether the text is an IPv4 address."),
    _scalar("isValidIpV6(text)", 1, 1, "Whether the text is an IPv6 address."),
    _scalar("isIpInSubnet(text, subnet)", 2, 2, "Whether the address lies in the subnet."),
    _scalar("isIpv4InSubnet(text, subnet)", 2, 2, "Whether the IPv4 address lies in the subnet."),
    _scalar("isIpv6InSubnet(text, subnet)", 2, 2, "Whether the IPv6 address lies in the subnet."),
    _scalar("ipv4ToNumber(text)", 1, 1, "The IPv4 address as a number."),
    _scalar("isPrivateIP(text)", 1, 1, "Whether the address is a private one."),
    _scalar("isPublicIP(text)", 1, 1, "Whether the address is a public one."),
    _scalar("isReservedIP(text)", 1, 1, "Whether the address is a reserved one."),
)

_STRING = (
    _scalar("isempty(field)", 1, 1, "Whether the field is missing or an empty text."),
    _scalar("isblank(field)", 1, 1, "Whether the field is missing, empty or only white space."),
    _scalar("concat(text, …)", 1, None, "Its arguments, one after the other."),
    _scalar("ltrim(text, characters)", 1, 2, "The text without white space, or these characters, on its left."),
    _scalar("rtrim(text, characters)", 1, 2, "The text without white space, or these characters, on its right."),
    _scalar("trim(text, characters)", 1, 2, "The text without white space, or these characters, on both sides."),
    _scalar("strlen(text)", 1, 1, "The length of the text in code points."),
    _scalar("toupper(text)", 1, 1, "The text in upper case."),
    _scalar("tolower(text)", 1, 1, "The text in lower case."),
    _scalar("substr(text, start, length)", 2, 3, "A part of the text; the first character is number 0."),
    _scalar("replace(text, old, new)", 3, 3, "The text with every `old` replaced."),
    _scalar("regexReplace(text, regex, new)", 3, 3, "The text with every match of a regular expression replaced."),
    _scalar("strcontains(text, part, caseInsensitive)", 2, 3, "1 where the text has the part in it, else 0."),
    _scalar("startsWith(text, part)", 2, 2, "Whether the text begins with the part."),
    _scalar("endsWith(text, part)", 2, 2, "Whether the text ends with the part."),
    _scalar("split(text, separator)", 2, 2, "The list of what stands between the separators."),
    _scalar("urlencode(text)", 1, 1, "The text, encoded for a URL."),
    _scalar("urldecode(text)", 1, 1, "The text that a URL encodes."),
    _scalar("base64encode(text)", 1, 1, "The text in base64."),
    _scalar("base64decode(text)", 1, 1, "The text that base64 encodes."),
    _scalar("hexToAscii(text)", 1, 1, "The text that hexadecimal digits encode."),
    _scalar("hexToDec(text)", 1, 1, "The number that hexadecimal digits say."),
    _scalar("decToHex(number)", 1, 1, "The number in hexadecimal digits."),
    _scalar("md5(text)", 1, 1, "The MD5 hash of the text."),
    _scalar("sha256(text)", 1, 1, "The SHA-256 hash of the text."),
    _scalar("unmask(field)", 1, 1, "The field without the mask of a data protection policy.", is_run_here=False),
)

_AGGREGATE = (
    _aggregate("avg(number)", 1, 1, "The average."),
    _aggregate("count(*)", 0, 1, "How many rows there are, or how many have the field."),
    _aggregate("count_distinct(field)", 1, 1, "About how many different values the field has."),
    _aggregate("max(value)", 1, 1, "The largest value."),
    _aggregate("min(value)", 1, 1, "The smallest value."),
    _aggregate("pct(number, percent)", 2, 2, "The percentile, such as pct(@duration, 95)."),
    _aggregate("stddev(number)", 1, 1, "The standard deviation."),
    _aggregate("variance(number)", 1, 1, "The variance."),
    _aggregate("sum(number)", 1, 1, "The sum."),
    _aggregate("values(field)", 1, 1, "The different values."),
    _aggregate("topk(number, field)", 2, 2, "The most frequent values, such as topk(3, status)."),
    _aggregate("earliest(field)", 1, 1, "The value of the row with the earliest timestamp."),
    _aggregate("latest(field)", 1, 1, "The value of the row with the latest timestamp."),
    _aggregate("sortsFirst(field)", 1, 1, "The value that sorts first."),
    _aggregate("sortsLast(field)", 1, 1, "The value that sorts last."),
    _aggregate("median(number)", 1, 1, "The value in the middle.", is_run_here=False),
    _aggregate("rate(number, period)", 2, 2, "How fast the number changes, per period.", is_run_here=False),
    _aggregate("count_over_time(field)", 1, 1, "How many events in each bin.", is_run_here=False),
    _aggregate("sum_over_time(number)", 1, 1, "The sum in each bin.", is_run_here=False),
    _aggregate("histogram(number, buckets)", 2, 2, "How many values fall into each bucket.", is_run_here=False),
)

_OTHER_NAMES = {
    "countdistinct": "count_distinct",
    "countovertime": "count_over_time",
    "percentile": "pct",
    "strftime": "formatdate",
    "sumovertime": "sum_over_time",
}

FUNCTIONS: dict[str, Function] = {
    function.name.lower(): function
    for group in (_NUMERIC, _DATETIME, _GENERAL, _JSON, _IP, _STRING, _AGGREGATE)
    for function in group
}
FUNCTIONS |= {spelling: FUNCTIONS[name] for spelling, name in _OTHER_NAMES.items()}
"""By name in lower case; some have several names, and `syntax.Call.function` always has that of the function."""

AGGREGATES: frozenset[str] = frozenset(name for name, function in FUNCTIONS.items() if function.kind == "aggregate")
