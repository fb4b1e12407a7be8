"""What SQL has no function for, as macros of DuckDB: each a rule of `README.md` beside this file."""

_NUMBER = "^-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_GROUPS = "[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*"

MACROS: tuple[str, ...] = (
    "CREATE MACRO finite(x) AS CASE WHEN isfinite(x) THEN x END",
    # The cast also takes blanks, 1_000, .5, 5. and nan.
    f"""CREATE MACRO text_number(t) AS CASE
        WHEN regexp_matches(t, '{_NUMBER}') AND isfinite(TRY_CAST(t AS DOUBLE)) THEN TRY_CAST(t AS DOUBLE) END""",
    """CREATE MACRO number_text(x) AS CASE
        WHEN x = trunc(x) AND abs(x) < 1e16 THEN CAST(CAST(x AS BIGINT) AS VARCHAR)
        ELSE CAST(x AS VARCHAR) END""",
    """CREATE MACRO json_scalar(j) AS CASE
        WHEN starts_with(j, '"') THEN json_extract_string(j, '$')
        WHEN starts_with(j, '{') OR starts_with(j, '[') OR j = 'null' THEN NULL
        WHEN j = 'true' THEN '1' WHEN j = 'false' THEN '0'
        ELSE j END""",
    # What ->> makes of a JSON value, the Booleans as numbers, and no containers; 91 102 116 123 are [ f t {.
    """CREATE MACRO discovered(document, path, t) AS CASE
        WHEN ascii(t) IN (91, 102, 116, 123) AND (ascii(t) IN (91, 123) OR t = 'true' OR t = 'false') THEN
            CASE json_type(document, path)
                WHEN 'BOOLEAN' THEN CASE WHEN t = 'true' THEN '1' ELSE '0' END
                WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL
                ELSE t END
        ELSE t END""",
    # Runs of digits begin with 0 and their length, so that the order of Unicode puts shorter runs first.
    """CREATE MACRO natural_key(t) AS CASE
        WHEN regexp_matches(t, '[0-9]') THEN array_to_string(list_transform(
            regexp_extract_all(t, '[0-9]+|[^0-9]+'),
            lambda part: CASE WHEN ascii(part) BETWEEN 48 AND 57
                THEN '0' || lpad(CAST(length(part) AS VARCHAR), 7, '0') || part ELSE part END), '')
        ELSE t END""",
    "CREATE MACRO floor_to(t, size) AS t - ((t % size) + size) % size",
    """CREATE MACRO months_of(t) AS
        (date_part('year', make_timestamp(t * 1000)) - 1970) * 12 + date_part('month', make_timestamp(t * 1000)) - 1""",
    """CREATE MACRO month_start(n) AS epoch_ms(TRY(make_timestamp(
        CAST(1970 + floor(n / 12) AS BIGINT), CAST(n - floor(n / 12) * 12 + 1 AS BIGINT), 1, 0, 0, 0.0)))""",
    "CREATE MACRO floor_to_months(t, size) AS month_start(floor(months_of(t) / size) * size)",
    """CREATE MACRO ceil_to_months(t, size) AS CASE
        WHEN floor_to_months(t, size) = t THEN t
        ELSE month_start((floor(months_of(t) / size) + 1) * size) END""",
    """CREATE MACRO zone_offset_ms(z) AS CASE WHEN z = 'Z' THEN 0 ELSE
        (CASE WHEN z[1] = '-' THEN -60000 ELSE 60000 END) * (CAST(z[2:3] AS BIGINT) * 60
        + COALESCE(TRY_CAST(right(replace(z[4:], ':', ''), 2) AS BIGINT), 0)) END""",
    # Years 1 to 9999, as whole milliseconds.
    """CREATE MACRO moment(x) AS CASE
        WHEN trunc(x) BETWEEN -62135596800000 AND 253402300799999 THEN CAST(trunc(x) AS BIGINT) END""",
    """CREATE MACRO round_to(x, places) AS CASE
        WHEN places < 0 THEN round(x / pow(10.0, -places)) * pow(10.0, -places)
        ELSE round(x * pow(10.0, places)) / pow(10.0, places) END""",
    # An index or a length: whole, not negative, and small enough for DuckDB.
    "CREATE MACRO text_index(x) AS CASE WHEN x IS NOT NULL THEN CAST(least(greatest(trunc(x), 0), 1e9) AS BIGINT) END",
    "CREATE MACRO text_parts(t, separator) AS CASE WHEN separator <> '' THEN string_split(t, separator) END",
    """CREATE MACRO base64_text(t) AS CASE
        WHEN regexp_matches(t, '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$')
        THEN TRY(decode(from_base64(t))) END""",
    """CREATE MACRO hex_text(t) AS CASE
        WHEN regexp_matches(t, '^(?:[0-9a-fA-F]{2})*$') THEN TRY(decode(unhex(t))) END""",
    """CREATE MACRO hex_number(digits) AS CAST(CAST(CAST('0x' || left(digits, 16) AS UBIGINT) AS UHUGEINT)
        * 18446744073709551616::UHUGEINT + CAST('0x' || right(digits, 16) AS UBIGINT) AS DOUBLE)""",
    """CREATE MACRO hex_to_decimal(t) AS CASE
        WHEN regexp_matches(t, '^-?(?:0[xX])?[0-9a-fA-F]{1,32}$') THEN
            (CASE WHEN starts_with(t, '-') THEN -1 ELSE 1 END)
            * hex_number(lpad(regexp_extract(t, '^-?(?:0[xX])?(.*)$', 1), 32, '0')) END""",
    """CREATE MACRO decimal_to_hex(x) AS CASE
        WHEN x = 0 THEN '0x0'
        WHEN abs(x) < 1.7e38 THEN
            (CASE WHEN x < 0 THEN '-0x' ELSE '0x' END) || ltrim(lower(hex(CAST(abs(x) AS HUGEINT))), '0') END""",
    "CREATE MACRO json_is_container(j) AS starts_with(j, '{') OR starts_with(j, '[')",
    """CREATE MACRO json_structure_of(t) AS CASE
        WHEN regexp_matches(t, '^[ \\t\\r\\n]*[{\\[]') AND json_valid(t)
        THEN ltrim(t, chr(32) || chr(9) || chr(13) || chr(10)) END""",
    "CREATE MACRO json_compact(j) AS CASE WHEN json_is_container(j) THEN CAST(json(j) AS VARCHAR) END",
    "CREATE MACRO json_at(j, path) AS NULLIF(CAST(json_extract(j, path) AS VARCHAR), 'null')",
    """CREATE MACRO json_list_of(t) AS CASE
        WHEN json_valid(t) THEN CASE WHEN json_type(t) = 'ARRAY' THEN t END END""",
    """CREATE MACRO json_items(t) AS CAST(json_extract(t, '$[*]') AS VARCHAR[])""",
    """CREATE MACRO json_texts_of(t) AS list_transform(
        json_items(t), lambda item: CASE WHEN item = 'true' OR item = 'false' THEN NULL ELSE json_scalar(item) END)""",
    """CREATE MACRO ipv4_number(t) AS CASE
        WHEN regexp_matches(t, '^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:[.]|$)){4}$')
        AND NOT ends_with(t, '.') THEN
            CAST(split_part(t, '.', 1) AS BIGINT) * 16777216 + CAST(split_part(t, '.', 2) AS BIGINT) * 65536
            + CAST(split_part(t, '.', 3) AS BIGINT) * 256 + CAST(split_part(t, '.', 4) AS BIGINT) END""",
    # An IPv4 address at the end of an IPv6 address, written as two groups.
    """CREATE MACRO ipv6_groups_only(t) AS CASE
        WHEN NOT contains(t, '.') THEN t
        ELSE regexp_extract(t, '^(.*:)[^:]*$', 1)
            || lower(hex(ipv4_number(regexp_extract(t, '([^:]*)$', 1)) // 65536)) || ':'
            || lower(hex(ipv4_number(regexp_extract(t, '([^:]*)$', 1)) % 65536)) END""",
    """CREATE MACRO hex_groups(t) AS CASE WHEN t = '' THEN '' ELSE array_to_string(list_transform(
        string_split(lower(t), ':'), lambda part: lpad(part, 4, '0')), '') END""",
    """CREATE MACRO ipv6_filled(t) AS CASE
        WHEN contains(t, '::') THEN hex_groups(split_part(t, '::', 1))
            || repeat('0', 32 - length(hex_groups(split_part(t, '::', 1))) - length(hex_groups(split_part(t, '::', 2))))
            || hex_groups(split_part(t, '::', 2))
        ELSE hex_groups(t) END""",
    f"""CREATE MACRO ipv6_checked(t, digits) AS CASE
        WHEN length(digits) = 32
        AND regexp_matches(t, '^(?:{_GROUPS})?(?:::)?(?:{_GROUPS})?$')
        AND (contains(t, '::') OR length(t) - length(replace(t, ':', '')) = 7)
        AND (NOT contains(t, '::')
            OR length(hex_groups(split_part(t, '::', 1))) + length(hex_groups(split_part(t, '::', 2))) < 32)
        THEN digits END""",
    """CREATE MACRO ipv6_digits(t) AS CASE WHEN contains(t, ':') AND length(t) <= 45 THEN
        list_transform([ipv6_groups_only(t)], lambda g: ipv6_checked(g, ipv6_filled(g)))[1] END""",
    "CREATE MACRO list_json(l) AS CAST(to_json(COALESCE(l, [])) AS VARCHAR)",
    """CREATE MACRO sorting(t) AS {'is_number': text_number(t) IS NOT NULL, 'number': COALESCE(text_number(t), 0),
        'natural': CASE WHEN text_number(t) IS NULL THEN natural_key(t) ELSE '' END, 'text': t}""",
    """CREATE MACRO sorted_texts(l) AS
        list_transform(list_sort(list_transform(l, lambda t: sorting(t))), lambda each: each.text)""",
    """CREATE MACRO frequent_texts(counts, most) AS list_transform(list_sort(list_transform(
        map_entries(counts),
        lambda entry: {'rarity': -CAST(entry.value AS BIGINT), 'text': sorting(entry.key)}))[1:most],
        lambda each: each.text.text)""",
    # A text in which chr(1) and a letter stand for what varies; a text of its own begins after the letter.
    """CREATE MACRO shape_text(m) AS array_to_string(list_transform(string_split(m, chr(1)), lambda part, place:
        CASE WHEN place = 1 THEN part ELSE '<' || CASE part[1] WHEN 'T' THEN 'Time' WHEN 'U' THEN 'UUID'
            WHEN 'I' THEN 'IP' WHEN 'K' THEN 'Token' ELSE 'Number' END
            || '-' || CAST(place - 1 AS VARCHAR) || '>' || part[2:] END), '')""",
    """CREATE MACRO severity(word) AS CASE lower(word) WHEN 'error' THEN 'Error' WHEN 'fatal' THEN 'Error'
        WHEN 'warn' THEN 'Warning' WHEN 'warning' THEN 'Warning' WHEN 'info' THEN 'Info'
        WHEN 'debug' THEN 'Debug' END""",
)
"""In an order in which each can be made."""
