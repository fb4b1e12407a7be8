"""The samples of single commands, with their answers over the known log worked out by hand.

Source: the pages of `parse`, `pattern`, `unnest`, `stats`, `sort` and of the functions in the CloudWatch Logs user
guide; where their fields are none of the known log's, its fields stand for them.
"""

from tests.insights.known_log import ACCESS, BILLING, LEGACY, NAMES
from tests.insights.samples_lambda import Sample, at

COMMAND_SAMPLES = [
    Sample(
        "latency by glob",
        (LEGACY,),
        """parse @message "user=*, method:*, latency := *" as @user,
    @method, @latency | stats avg(@latency) by @method,
    @user""",
        ("@method", "@user", "avg(@latency)"),
        [(None, None, None), ("GET", "alice", "20"), ("GET", "bob", "50"), ("PUT", "bob", "70")],
    ),
    Sample(
        "latency by regular expression, under other names than those that are asked for",
        (LEGACY,),
        """parse @message /user=(?<user2>.*?), method:(?<method2>.*?), latency := (?<latency2>.*?)/
| stats avg(latency2) by @method2, @user2""",
        ("@method2", "@user2", "avg(latency2)"),
        [(None, None, None)],
    ),
    Sample(
        "levels by glob, words in any letter case",
        (LEGACY,),
        """FIELDS @message
    | PARSE @message "* [*] *" as loggingTime, loggingType, loggingMessage
    | FILTER loggingType IN ["ERROR", "INFO"]
    | DISPLAY loggingMessage, loggingType = "ERROR" as isError""",
        ("loggingMessage", "isError"),
        [
            ("Failed to do: the dishes", "1"),
            ("Failed to do: the dishes", "1"),
            ("Failed to do: the laundry", "1"),
            ("started", "0"),
        ],
    ),
    Sample(
        "one column displayed",
        (LEGACY,),
        """fields @message
| parse @message "[*] *" as loggingType, loggingMessage
| filter loggingType = "WARN"
| display loggingMessage""",
        ("loggingMessage",),
        [("low water",)],
    ),
    Sample(
        "parse a part of what was parsed",
        (LEGACY,),
        """parse @message "Failed to do: *" as what
| parse what "the *s*" as first, rest
| filter ispresent(first)""",
        ("@timestamp", "@message", "what", "first", "rest"),
        [
            (at("03:10"), "03:10 [ERROR] Failed to do: the dishes", "the dishes", "di", "hes"),
            (at("03:09"), "03:09 [ERROR] Failed to do: the dishes", "the dishes", "di", "hes"),
        ],
    ),
    Sample(
        "recent 4xx answers by glob",
        (LEGACY,),
        """parse @message "Status Code: *;" as statusCode
| filter statusCode >= 400 and statusCode <= 499
| filter toMillis(@timestamp) >= (now() * 1000 - 7200000)""",
        ("@timestamp", "@message", "statusCode"),
        [(at("03:13"), "Status Code: 404; from 10.0.0.7", "404")],
    ),
    Sample(
        "patterns of what was parsed",
        (LEGACY,),
        """filter @message like /ERROR/
| parse @message 'Failed to do: *' as cause
| pattern cause
| sort @sampleCount asc""",
        ("@pattern", "@sampleCount", "@ratio", "@severityLabel"),
        [("the laundry", "1", "0.33", None), ("the dishes", "2", "0.67", None)],
    ),
    Sample(
        "patterns of lines",
        (LEGACY,),
        "filter @message like /Status Code|WARN/ | pattern @message",
        ("@pattern", "@sampleCount", "@ratio", "@severityLabel"),
        [
            ("Status Code: <Number-1>; from <IP-2>", "2", "0.67", None),
            ("<Number-1>:<Number-2> [WARN] low water", "1", "0.33", "Warning"),
        ],
    ),
    Sample(
        "kinds of what varies, the digits of a fraction being no token",
        (NAMES,),
        'fields "id deadbeef12 1.00247524752 abcdefab 10.0.0.7 12 at 2026-11-21T03:00:00Z" as text | pattern text',
        ("@pattern", "@sampleCount", "@ratio", "@severityLabel"),
        [("id <Token-1> <Number-2> abcdefab <IP-3> <Number-4> at <Time-5>", "3", "1", None)],
    ),
    Sample(
        "the first JSON in a line",
        (LEGACY,),
        "filter ispresent(route) | stats count(*), sum(ms) by route, status",
        ("route", "status", "count(*)", "sum(ms)"),
        [("/cart", "200", "1", "12"), ("/cart", "404", "1", "8")],
    ),
    Sample(
        "items of a list, a row each",
        (BILLING,),
        """fields jsonParse(@message) as json_message
| unnest json_message.invoice.lines into line
| display line.sku, line.n""",
        ("line.sku", "line.n"),
        [("A", "5"), ("A", "2"), ("B", "1")],
    ),
    Sample(
        "items of a list, added up",
        (BILLING,),
        """fields jsonParse(@message) as js
| unnest js.invoice.lines into line
| stats sum(line.n) as n by line.sku
| sort n desc
| limit 10""",
        ("line.sku", "n"),
        [("A", "7"), ("B", "1")],
    ),
    Sample(
        "a map and a list in a text",
        (BILLING,),
        "fields jsonParse(payload) as p | filter ispresent(p) | display p.n, p[1], jsonStringify(p), toupper(p)",
        ("p.n", "p[1]", "jsonStringify(p)", "toupper(p)"),
        [(None, "4", "[3,4,5]", None), ("7", None, '{"n":7}', None)],
    ),
    Sample(
        "traffic of five minutes, its peak and average",
        (NAMES,),
        """FIELDS strlen(@message) AS message_length
| STATS sum(message_length)/1024/1024 as logs_mb BY bin(5m)
| STATS max(logs_mb) AS peak_ingest_mb,
        min(logs_mb) AS min_ingest_mb,
        avg(logs_mb) AS avg_ingest_mb""",
        ("peak_ingest_mb", "min_ingest_mb", "avg_ingest_mb"),
        # 89 characters in the first five minutes, 90 + 93 in the next: 183, 89 and 136, over 1,048,576
        [("0.00017452239990234375", "8.487701416015625e-05", "0.00012969970703125")],
    ),
    Sample(
        "sessions of more than one address",
        (ACCESS,),
        """STATS countDistinct(ip) AS session_ips,
      count(*) AS requests BY path, httpMethod
| FILTER session_ips > 1
| STATS count(*) AS multiple_ip_sessions,
        sum(requests) / count(*) AS avg_session_requests BY httpMethod""",
        ("httpMethod", "multiple_ip_sessions", "avg_session_requests"),
        [("GET", "1", "3")],
    ),
    Sample(
        "five-minute blocks within ten-minute blocks",
        (NAMES,),
        """FIELDS strlen(@message) AS message_length
| STATS sum(message_length) AS bytes BY BIN(5m) as @t
| STATS max(bytes) AS peak, min(bytes) AS least BY dateceil(@t, 10m)""",
        ("dateceil(@t, 10m)", "peak", "least"),
        [(at("03:00"), "89", "89"), (at("03:10"), "183", "183")],
    ),
    Sample(
        "bytes by stream, then by the time of its last event",
        (NAMES, ACCESS),
        """FIELDS strlen(@message) AS message_length
 | STATS sum(message_length) AS ingested_bytes, max(@timestamp) as @t BY @logStream
 | STATS avg(ingested_bytes) BY dateceil(@t, 5m)""",
        ("dateceil(@t, 5m)", "avg(ingested_bytes)"),
        # 104 + 108 + 112 + 108 + 110 + 109, the last at 03:02:06; 89 + 90 + 93, the last at 03:06
        [(at("03:05"), "651"), (at("03:10"), "272")],
    ),
    Sample(
        "a column after stats by its text, and a comment",
        (NAMES,),
        """stats count(*), latest(queryName) by responseCode
# | filter responseCode not like "NOERROR"
| sort count(*) desc, responseCode
| display responseCode, count(*) * 10 as tens""",
        ("responseCode", "tens"),
        [("SERVFAIL", "20"), ("NOERROR", "10")],
    ),
    Sample(
        "distinct values",
        (ACCESS,),
        "stats values(status) as statuses, sortsFirst(path), sortsLast(responseLatency) by httpMethod",
        ("httpMethod", "statuses", "sortsFirst(path)", "sortsLast(responseLatency)"),
        [("GET", '["200","403","404","500"]', "/", "205")],
    ),
    Sample(
        "most frequent values",
        (ACCESS,),
        "stats topk(2, status)",
        ("topk(2, status)",),
        [('["200","403"]',)],  # 200 three times; 403 before 404 and 500, which are there once too
    ),
    Sample(
        "what the pages say of functions",
        (NAMES,),
        """fields 2 ^ 3 as power, 10 % 3 as rest, substr("xyZfooxyZ",3, 3) as part, hexToAscii("48656c6c6f") as text,
    ltrim("xyZxyfooxyZ","xyZ") as left, rtrim("xyZfooxyxyZ","xyZ") as right, trim("xyZxyfooxyxyZ","xyZ") as both,
    hexToDec("0xff") as dec, decToHex(255) as hex, isempty(none) as empty, strcontains("Abc", "b") as has
| limit 1""",
        ("power", "rest", "part", "text", "left", "right", "both", "dec", "hex", "empty", "has"),
        [("8", "1", "foo", "Hello", "fooxyZ", "xyZfoo", "foo", "255", "0xff", "1", "1")],
    ),
    Sample(
        "a bin of more seconds than a minute has",
        (ACCESS,),
        "stats count(*) by bin(300s)",
        ("bin(300s)", "count(*)"),
        [(at("03:00"), "2"), (at("03:01"), "2"), (at("03:02"), "2")],
    ),
    Sample(
        "natural order: text by its parts, then numbers",
        (LEGACY,),
        """fields substr(@message, 0, 5) as head
| filter head like /^(03:|Statu)/
| stats count(*) by replace(head, "03:", "x") as name
| sort name desc""",
        ("name", "count(*)"),
        # x06 x07 x08 x09 x10 are text, runs of two digits each
        [("x10", "1"), ("x09", "1"), ("x08", "1"), ("x07", "1"), ("x06", "1"), ("Statu", "2")],
    ),
]
