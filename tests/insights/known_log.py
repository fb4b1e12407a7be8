"""A small log written by hand, with amounts that can be added up in the head.

Lambda in both formats, SnapStart, access lines, flow records, audit records and lines to be parsed; all of it between
03:00 and 03:20 on 2026-11-21, UTC. The order below is the order of loading.
"""

from datetime import UTC, datetime

from lambdatop.insights.log_table import LogRecord

ACCOUNT_ID = "123456789012"
START_MS = int(datetime(2026, 11, 21, 3, tzinfo=UTC).timestamp()) * 1000
END_MS = START_MS + 20 * 60_000
NOW_MS = START_MS + 30 * 60_000

ORDERS = "/aws/lambda/orders"
PDF = "/aws/lambda/pdf"
BILLING = "/aws/lambda/billing"
LEGACY = "/aws/lambda/legacy"
FLOW = "vpc-flow-logs"
ACCESS = "api-access"
TRAIL = "cloudtrail"
NAMES = "route53"

_STREAMS = {
    "o1": (ORDERS, "2026/11/21/[7]aaaa0000000000000000000000000001"),
    "o2": (ORDERS, "2026/11/21/[8]aaaa0000000000000000000000000002"),
    "p1": (PDF, "2026/11/21/[3]bbbb0000000000000000000000000001"),
    "b1": (BILLING, "2026/11/21/[$LATEST]cccc0000000000000000000000000001"),
    "l1": (LEGACY, "2026/11/21/[$LATEST]dddd0000000000000000000000000001"),
    "f1": (FLOW, "eni-0123456789abcdef0-all"),
    "a1": (ACCESS, "stage"),
    "t1": (TRAIL, "trail"),
    "n1": (NAMES, "zone"),
}


def request_id(number: int) -> str:
    """The id of the request of that number."""
    return f"00000000-0000-4000-8000-{number:012}"


def _start(number: int, version: str) -> str:
    return f"START RequestId: {request_id(number)} Version: {version}\n"


def _end(number: int) -> str:
    return f"END RequestId: {request_id(number)}\n"


def _report(number: int, duration: str, billed: int, memory: int, used: int, more: str = "\t\n") -> str:
    return (
        f"REPORT RequestId: {request_id(number)}\tDuration: {duration} ms\tBilled Duration: {billed} ms\t"
        f"Memory Size: {memory} MB\tMax Memory Used: {used} MB{more}"
    )


_XRAY = "XRAY TraceId: 1-69200000-000000000000000000000005\tSegmentId: 00000000000000a5\tSampled: true\t\n"
_RUNTIME = "Runtime Version: python:3.12.v43\tRuntime Version ARN: arn:aws:lambda:us-east-1::runtime:36ae"

# Seven reports of /aws/lambda/orders: durations 100, 20, 40, 1500, 60, 3000, 2500; two cold starts (250 and 150 ms).
_ORDERS_LINES = [
    ("03:00:00.000", "o1", f"INIT_START {_RUNTIME}\n"),
    ("03:00:00.300", "o1", _start(1, "7")),
    ("03:00:00.310", "o1", f"[INFO]\t2026-11-21T03:00:00.310Z\t{request_id(1)}\torder 17 placed\n"),
    ("03:00:00.400", "o1", _end(1)),
    ("03:00:00.400", "o1", _report(1, "100.00", 350, 128, 60, "\tInit Duration: 250.00 ms\t\n")),
    ("03:01:00.000", "o1", _start(2, "7")),
    ("03:01:00.010", "o1", f"[INFO]\t2026-11-21T03:01:00.010Z\t{request_id(2)}\torder 18 placed\n"),
    ("03:01:00.020", "o1", _end(2)),
    ("03:01:00.020", "o1", _report(2, "20.00", 20, 128, 60)),
    ("03:02:00.000", "o1", _start(3, "7")),
    ("03:02:00.030", "o1", f"[ERROR]\t2026-11-21T03:02:00.030Z\t{request_id(3)}\tKeyException: no such order 99\n"),
    ("03:02:00.040", "o1", _end(3)),
    ("03:02:00.040", "o1", _report(3, "40.00", 40, 128, 60)),
    ("03:06:00.000", "o1", _start(4, "7")),
    ("03:06:01.500", "o1", _end(4)),
    ("03:06:01.500", "o1", _report(4, "1500.00", 1500, 128, 90)),
    ("03:07:00.000", "o2", f"INIT_START {_RUNTIME}\n"),
    ("03:07:00.200", "o2", _start(5, "8")),
    ("03:07:00.260", "o2", _end(5)),
    ("03:07:00.260", "o2", _report(5, "60.00", 210, 128, 70, f"\tInit Duration: 150.00 ms\t\n{_XRAY}")),
    ("03:08:00.000", "o2", _start(6, "8")),
    ("03:08:03.000", "o2", _report(6, "3000.00", 3000, 128, 128, "\tStatus: timeout\n")),
    ("03:09:30.000", "o2", _start(6, "8")),
    ("03:09:32.500", "o2", _end(6)),
    ("03:09:32.500", "o2", _report(6, "2500.00", 2500, 128, 128)),
    ("03:12:00.000", "o1", f"2026-11-21T03:12:00.000Z {request_id(8)} Task timed out after 3.00 seconds\n\n"),
    ("03:12:00.001", "o1", "INIT_REPORT Init Duration: 9000.00 ms\tPhase: init\tStatus: timeout\n"),
]

# SnapStart: one restored request (50 + 400 ms) and one that was not (70 ms).
_PDF_LINES = [
    ("03:03:00.000", "p1", f"RESTORE_START {_RUNTIME}\n"),
    ("03:03:00.400", "p1", "RESTORE_REPORT Restore Duration: 400.00 ms\n"),
    ("03:03:00.410", "p1", _start(11, "3")),
    (
        "03:03:00.500",
        "p1",
        _report(11, "50.00", 90, 1024, 200, "\tRestore Duration: 400.00 ms\tBilled Restore Duration: 40 ms\t\n"),
    ),
    ("03:13:00.000", "p1", _start(12, "3")),
    ("03:13:00.070", "p1", _report(12, "70.00", 70, 1024, 210)),
]


def _platform(kind: str, record: str) -> str:
    return f'{{"time":"2026-11-21T03:00:00.000Z","type":"platform.{kind}","record":{{{record}}}}}'


def _json_report(number: int, status: str, metrics: str, more: str = "") -> str:
    return _platform("report", f'"requestId":"{request_id(number)}","metrics":{{{metrics}}},"status":"{status}"{more}')


_MEMORY = '"memorySizeMB":256,"maxMemoryUsedMB":'

# Four reports in JSON: 10.5, 20.5, 5000 (timeout), 30 (error); init 400 once; 100, 120, 140, 240 MB used.
_BILLING_LINES = [
    ("03:00:10.000", "b1", _platform("initStart", '"functionName":"billing","phase":"init","runtimeVersion":"v1"')),
    ("03:00:11.000", "b1", _platform("start", f'"requestId":"{request_id(21)}","version":"$LATEST"')),
    (
        "03:00:11.000",
        "b1",
        (
            f'{{"timestamp":"2026-11-21T03:00:11Z","level":"INFO","message":"made","requestId":"{request_id(21)}",'
            '"invoice":{"id":1001,"total":19.5,"paid":true,"lines":[{"sku":"A","n":2},{"sku":"B","n":1}]},'
            '"cold_start":true}\n'
        ),
    ),
    (
        "03:00:11.500",
        "b1",
        _json_report(21, "success", f'"durationMs":10.5,"billedDurationMs":411,{_MEMORY}100,"initDurationMs":400.0'),
    ),
    ("03:04:00.000", "b1", _platform("start", f'"requestId":"{request_id(22)}","version":"$LATEST"')),
    (
        "03:04:00.100",
        "b1",
        (
            f'{{"timestamp":"2026-11-21T03:04:00Z","level":"WARN","message":"late","requestId":"{request_id(22)}",'
            '"invoice":{"id":1002,"total":30.5,"paid":false,"lines":[{"sku":"A","n":5}],"note":null},"cold_start":false}\n'
        ),
    ),
    ("03:04:00.200", "b1", _json_report(22, "success", f'"durationMs":20.5,"billedDurationMs":21,{_MEMORY}120')),
    ("03:05:05.000", "b1", _json_report(23, "timeout", f'"durationMs":5000.0,"billedDurationMs":5000,{_MEMORY}140')),
    (
        "03:10:00.000",
        "b1",
        (
            f'{{"timestamp":"2026-11-21T03:10:00Z","level":"ERROR","message":"refused","requestId":"{request_id(24)}",'
            '"errorType":"CardException","stackTrace":["a.py:1","b.py:2"],"cold_start":false}\n'
        ),
    ),
    (
        "03:10:00.030",
        "b1",
        _json_report(
            24, "error", f'"durationMs":30.0,"billedDurationMs":30,{_MEMORY}240', ',"errorType":"Runtime.ExitError"'
        ),
    ),
    ("03:11:00.000", "b1", '{"@source":"queue","events":[],"detail-type":"invoice.sent","payload":"{\\"n\\": 7}"}\n'),
    ("03:11:01.000", "b1", '{"@source":"queue","events":[1,2],"detail-type":"invoice.sent","payload":"[3,4,5]"}\n'),
    ("03:11:02.000", "b1", '{"@source":"timer","events":{},"detail-type":"invoice.due","payload":"none"}\n'),
]

_LEGACY_LINES = [
    ("03:01:00.000", "l1", "user=alice, method:GET, latency := 10"),
    ("03:02:00.000", "l1", "user=alice, method:GET, latency := 30"),
    ("03:03:00.000", "l1", "user=bob, method:GET, latency := 50"),
    ("03:04:00.000", "l1", "user=bob, method:PUT, latency := 70"),
    ("03:05:00.000", "l1", "user=carol, method:PUT"),
    ("03:06:00.000", "l1", "03:06 [INFO] started"),
    ("03:07:00.000", "l1", "03:07 [ERROR] Failed to do: the laundry"),
    ("03:08:00.000", "l1", "03:08 [WARN] low water"),
    ("03:09:00.000", "l1", "03:09 [ERROR] Failed to do: the dishes"),
    ("03:10:00.000", "l1", "03:10 [ERROR] Failed to do: the dishes"),
    ("03:11:00.000", "l1", 'handled {"route": "/cart", "status": 200, "ms": 12} and {"route": "/ignored"}'),
    ("03:12:00.000", "l1", 'handled {oops} {"route": "/cart", "status": "404", "ms": 8}'),
    ("03:13:00.000", "l1", "Status Code: 404; from 10.0.0.7"),
    ("03:14:00.000", "l1", "Status Code: 500; from 10.0.0.8"),
    ("03:15:00.000", "l1", "java.lang.IllegalStateException: closed"),
    ("03:15:30.000", "l1", "java.io.IOException: pipe"),
]


def _flow(source: str, target: str, protocol: int, size: int, packets: int, status: str = "OK") -> str:
    return (
        f'{{"srcAddr":"{source}","dstAddr":"{target}","srcPort":443,"dstPort":5000,"protocol":{protocol},'
        f'"bytes":{size},"packets":{packets},"interfaceId":"eni-0123456789abcdef0","logStatus":"{status}"}}'
    )


_FLOW_LINES = [
    ("03:00:00.000", "f1", _flow("192.0.2.10", "10.0.0.1", 6, 1000, 10)),
    ("03:01:00.000", "f1", _flow("192.0.2.10", "10.0.0.1", 6, 2000, 20)),
    ("03:02:00.000", "f1", _flow("192.0.2.11", "10.0.0.2", 17, 500, 5)),
    ("03:03:00.000", "f1", _flow("198.51.100.1", "10.0.0.2", 17, 700, 7)),
    ("03:04:00.000", "f1", _flow("198.51.100.1", "10.0.0.1", 6, 50, 100, "SKIPDATA")),
]


def _access(status: object, ip: str, path: str, latency: int) -> str:
    return (
        f'{{"status":{status},"ip":"{ip}","path":"{path}","httpMethod":"GET","responseLatency":{latency},'
        f'"integrationLatency":{latency - 5}}}'
    )


_ACCESS_LINES = [
    ("03:00:01.000", "a1", _access(200, "1.1.1.1", "/", 25)),
    ("03:00:02.000", "a1", _access(200, "1.1.1.2", "/cart", 35)),
    ("03:01:03.000", "a1", _access('"200"', "1.1.1.1", "/cart", 105)),
    ("03:01:04.000", "a1", _access(404, "1.1.1.3", "/nope", 15)),
    ("03:02:05.000", "a1", _access(500, "1.1.1.1", "/cart", 205)),
    ("03:02:06.000", "a1", _access('"403"', "1.1.1.4", "/admin", 8)),
]


def _trail(source: str, name: str, region: str, more: str = "") -> str:
    return f'{{"eventSource":"{source}.amazonaws.com","eventName":"{name}","awsRegion":"{region}"{more}}}'


_TRAIL_LINES = [
    (
        "03:00:00.000",
        "t1",
        _trail(
            "ec2",
            "StartInstances",
            "us-east-2",
            ',"requestParameters":{"instancesSet":{"items":[{"instanceId":"i-abcde123"}]}}',
        ),
    ),
    ("03:01:00.000", "t1", _trail("ec2", "StopInstances", "us-east-2")),
    ("03:02:00.000", "t1", _trail("ec2", "StartInstances", "eu-west-1")),
    (
        "03:03:00.000",
        "t1",
        _trail(
            "iam",
            "CreateUser",
            "us-east-1",
            ',"requestParameters":{"userName":"eve"},"responseElements":{"user":{"arn":"arn:eve"}}',
        ),
    ),
    (
        "03:04:00.000",
        "t1",
        _trail("cloudtrail", "UpdateTrail", "us-east-1", ',"errorCode":"TrailNotFound","errorMessage":"no trail"'),
    ),
    ("03:05:00.000", "t1", _trail("s3", "GetObject", "us-east-1", ',"tlsDetails":{"tlsVersion":"TLSv1.1"}')),
    ("03:06:00.000", "t1", _trail("s3", "PutObject", "us-east-1", ',"tlsDetails":{"tlsVersion":"TLSv1.3"}')),
]

_NAMES_LINES = [
    ("03:00:00.000", "n1", '{"queryType":"A","resolverIp":"8.8.8.8","queryName":"a.example","responseCode":"NOERROR"}'),
    (
        "03:05:00.000",
        "n1",
        '{"queryType":"A","resolverIp":"8.8.8.8","queryName":"b.example","responseCode":"SERVFAIL"}',
    ),
    (
        "03:06:00.000",
        "n1",
        '{"queryType":"AAAA","resolverIp":"9.9.9.9","queryName":"b.example","responseCode":"SERVFAIL"}',
    ),
]

_LINES = [
    *_ORDERS_LINES,
    *_PDF_LINES,
    *_BILLING_LINES,
    *_LEGACY_LINES,
    *_FLOW_LINES,
    *_ACCESS_LINES,
    *_TRAIL_LINES,
    *_NAMES_LINES,
]


def at_ms(clock: str) -> int:
    """A time of that day, such as `03:00:10.000`."""
    return int(datetime.fromisoformat(f"2026-11-21T{clock}+00:00").timestamp() * 1000)


def records(*groups: str) -> list[LogRecord]:
    """The events of these log groups, or of all of them; they arrive half a second after they happened."""
    made = []
    for number, (clock, stream, message) in enumerate(_LINES):
        group, name = _STREAMS[stream]
        if not groups or group in groups:
            made.append(LogRecord(at_ms(clock), at_ms(clock) + 500, name, group, message, f"pointer-{number:03}"))
    return made
