"""AWS's other sample queries, with their answers over the known log worked out by hand.

Source: "Sample queries" and the pages of the commands in the CloudWatch Logs user guide; where their fields are none of
the known log's, its fields stand for them.
"""

from tests.insights.known_log import ACCESS, BILLING, FLOW, LEGACY, NAMES, TRAIL
from tests.insights.samples_lambda import Sample, at

_QUERY_A = '{"queryType":"A","resolverIp":"8.8.8.8","queryName":"a.example","responseCode":"NOERROR"}'
_QUERY_B = '{"queryType":"A","resolverIp":"8.8.8.8","queryName":"b.example","responseCode":"SERVFAIL"}'
_QUERY_C = '{"queryType":"AAAA","resolverIp":"9.9.9.9","queryName":"b.example","responseCode":"SERVFAIL"}'

GENERAL_SAMPLES = [
    Sample(
        "newest events",
        (NAMES,),
        "fields @timestamp, @message | sort @timestamp desc | limit 25",
        ("@timestamp", "@message"),
        [(at("03:06"), _QUERY_C), (at("03:05"), _QUERY_B), (at("03:00"), _QUERY_A)],
    ),
    Sample(
        "exceptions per hour",
        (),
        """filter @message like /Exception/
    | stats count(*) as exceptionCount by bin(1h)
    | sort exceptionCount desc""",
        ("bin(1h)", "exceptionCount"),
        [(at("03:00"), "4")],  # KeyException, CardException, IllegalStateException, IOException
    ),
    Sample(
        "events that are not exceptions",
        (LEGACY,),
        "fields @message | filter @message not like /Exception/ | limit 4",
        ("@message",),
        [
            ("Status Code: 500; from 10.0.0.8",),
            ("Status Code: 404; from 10.0.0.7",),
            ('handled {oops} {"route": "/cart", "status": "404", "ms": 8}',),
            ('handled {"route": "/cart", "status": 200, "ms": 12} and {"route": "/ignored"}',),
        ],
    ),
    Sample(
        "newest event of each address",
        (ACCESS,),
        """fields @timestamp, ip, status
| sort @timestamp desc
| dedup ip""",
        ("@timestamp", "ip", "status"),
        [
            (at("03:02:06"), "1.1.1.4", "403"),
            (at("03:02:05"), "1.1.1.1", "500"),
            (at("03:01:04"), "1.1.1.3", "404"),
            (at("03:00:02"), "1.1.1.2", "200"),
        ],
    ),
    Sample(
        "oldest event of each address and status",
        (ACCESS,),
        """fields @timestamp, ip, status
| sort @timestamp asc
| dedup ip, status""",
        ("@timestamp", "ip", "status"),
        [
            (at("03:00:01"), "1.1.1.1", "200"),  # a number here, a text at 03:01:03
            (at("03:00:02"), "1.1.1.2", "200"),
            (at("03:01:04"), "1.1.1.3", "404"),
            (at("03:02:05"), "1.1.1.1", "500"),
            (at("03:02:06"), "1.1.1.4", "403"),
        ],
    ),
    Sample(
        "dedup keeps what has no such field",
        (NAMES,),
        "fields queryName, server | dedup server",
        ("queryName", "server"),
        [("b.example", None), ("b.example", None), ("a.example", None)],
    ),
    Sample(
        "top packet transfers",
        (FLOW,),
        """stats sum(packets) as packetsTransferred by srcAddr, dstAddr
    | sort packetsTransferred  desc
    | limit 15""",
        ("srcAddr", "dstAddr", "packetsTransferred"),
        [
            ("198.51.100.1", "10.0.0.1", "100"),
            ("192.0.2.10", "10.0.0.1", "30"),
            ("198.51.100.1", "10.0.0.2", "7"),
            ("192.0.2.11", "10.0.0.2", "5"),
        ],
    ),
    Sample(
        "top byte transfers of a subnet",
        (FLOW,),
        """filter isIpv4InSubnet(srcAddr, "192.0.2.0/24")
    | stats sum(bytes) as bytesTransferred by dstAddr
    | sort bytesTransferred desc
    | limit 15""",
        ("dstAddr", "bytesTransferred"),
        [("10.0.0.1", "3000"), ("10.0.0.2", "500")],
    ),
    Sample(
        "who uses UDP",
        (FLOW,),
        "filter protocol=17 | stats count(*) by srcAddr",
        ("srcAddr", "count(*)"),
        [("192.0.2.11", "1"), ("198.51.100.1", "1")],
    ),
    Sample(
        "skipped flow records",
        (FLOW,),
        """filter logStatus="SKIPDATA"
    | stats count(*) by bin(1h) as t
    | sort t""",
        ("t", "count(*)"),
        [(at("03:00"), "1")],
    ),
    Sample(
        "one record for each connection",
        (FLOW,),
        """fields @timestamp, srcAddr, dstAddr, srcPort, dstPort, protocol, bytes
| filter interfaceId = 'eni-0123456789abcdef0'
| sort @timestamp desc
| dedup srcAddr, dstAddr, srcPort, dstPort, protocol
| limit 20""",
        ("@timestamp", "srcAddr", "dstAddr", "srcPort", "dstPort", "protocol", "bytes"),
        [
            (at("03:04"), "198.51.100.1", "10.0.0.1", "443", "5000", "6", "50"),
            (at("03:03"), "198.51.100.1", "10.0.0.2", "443", "5000", "17", "700"),
            (at("03:02"), "192.0.2.11", "10.0.0.2", "443", "5000", "17", "500"),
            (at("03:01"), "192.0.2.10", "10.0.0.1", "443", "5000", "6", "2000"),
        ],
    ),
    Sample(
        "what one address sent to another",
        (FLOW,),
        """filter (dstAddr like '10.0.0.1' and srcAddr like '192.0.')
    or (srcAddr like '198.51.' and dstAddr not like '10.0.0.1')
| stats sum(bytes) as bytesTransferred by srcAddr, dstAddr
| sort bytesTransferred desc
| limit 10""",
        ("srcAddr", "dstAddr", "bytesTransferred"),
        [("192.0.2.10", "10.0.0.1", "3000"), ("198.51.100.1", "10.0.0.2", "700")],
    ),
    Sample(
        "records per hour by query type",
        (NAMES,),
        "stats count(*) by queryType, bin(1h)",
        ("queryType", "bin(1h)", "count(*)"),
        [("A", at("03:00"), "2"), ("AAAA", at("03:00"), "1")],
    ),
    Sample(
        "busiest resolvers",
        (NAMES,),
        """stats count(*) as numRequests by resolverIp
    | sort numRequests desc
    | limit 10""",
        ("resolverIp", "numRequests"),
        [("8.8.8.8", "2"), ("9.9.9.9", "1")],
    ),
    Sample(
        "failed names",
        (NAMES,),
        'filter responseCode="SERVFAIL" | stats count(*) by queryName',
        ("queryName", "count(*)"),
        [("b.example", "2")],
    ),
    Sample(
        "audit records by service, event and region",
        (TRAIL,),
        "stats count(*) by eventSource, eventName, awsRegion",
        ("eventSource", "eventName", "awsRegion", "count(*)"),
        [
            ("cloudtrail.amazonaws.com", "UpdateTrail", "us-east-1", "1"),
            ("ec2.amazonaws.com", "StartInstances", "eu-west-1", "1"),
            ("ec2.amazonaws.com", "StartInstances", "us-east-2", "1"),
            ("ec2.amazonaws.com", "StopInstances", "us-east-2", "1"),
            ("iam.amazonaws.com", "CreateUser", "us-east-1", "1"),
            ("s3.amazonaws.com", "GetObject", "us-east-1", "1"),
            ("s3.amazonaws.com", "PutObject", "us-east-1", "1"),
        ],
    ),
    Sample(
        "hosts started or stopped in a region",
        (TRAIL,),
        """filter (eventName="StartInstances" or eventName="StopInstances") and awsRegion="us-east-2"
| stats count(*), earliest(eventName), latest(eventName)""",
        ("count(*)", "earliest(eventName)", "latest(eventName)"),
        [("2", "StartInstances", "StopInstances")],
    ),
    Sample(
        "a part of a list in JSON",
        (TRAIL,),
        """fields @timestamp, eventName
| filter requestParameters.instancesSet.items.0.instanceId="i-abcde123"
| sort @timestamp desc""",
        ("@timestamp", "eventName"),
        [(at("03:00"), "StartInstances")],
    ),
    Sample(
        "new users",
        (TRAIL,),
        """filter eventName="CreateUser"
    | fields awsRegion, requestParameters.userName, responseElements.user.arn""",
        ("awsRegion", "requestParameters.userName", "responseElements.user.arn"),
        [("us-east-1", "eve", "arn:eve")],
    ),
    Sample(
        "failed calls",
        (TRAIL,),
        """filter eventName="UpdateTrail" and ispresent(errorCode)
    | stats count(*) by errorCode, errorMessage""",
        ("errorCode", "errorMessage", "count(*)"),
        [("TrailNotFound", "no trail", "1")],
    ),
    Sample(
        "old TLS, with fields that no record has",
        (TRAIL,),
        """filter tlsDetails.tlsVersion in [ "TLSv1", "TLSv1.1" ]
| stats count(*) as numOutdatedTlsCalls
  by userIdentity.accountId, eventSource, eventName, tlsDetails.tlsVersion, userAgent
| sort eventSource, eventName, tlsDetails.tlsVersion""",
        (
            "userIdentity.accountId",
            "eventSource",
            "eventName",
            "tlsDetails.tlsVersion",
            "userAgent",
            "numOutdatedTlsCalls",
        ),
        [(None, "s3.amazonaws.com", "GetObject", "TLSv1.1", None, "1")],
    ),
    Sample(
        "4xx answers",
        (ACCESS,),
        """fields @timestamp, status, ip, path, httpMethod
| filter status>=400 and status<=499
| sort @timestamp desc
| limit 10""",
        ("@timestamp", "status", "ip", "path", "httpMethod"),
        [
            (at("03:02:06"), "403", "1.1.1.4", "/admin", "GET"),
            (at("03:01:04"), "404", "1.1.1.3", "/nope", "GET"),
        ],
    ),
    Sample(
        "longest-running requests",
        (ACCESS,),
        """fields status, responseLatency
| sort responseLatency desc
| limit 10""",
        ("status", "responseLatency"),
        [("500", "205"), ("200", "105"), ("200", "35"), ("200", "25"), ("404", "15"), ("403", "8")],
    ),
    Sample(
        "most popular paths",
        (ACCESS,),
        """stats count(*) as requestCount by path
| sort requestCount desc
| limit 10""",
        ("path", "requestCount"),
        [("/cart", "3"), ("/nope", "1"), ("/admin", "1"), ("/", "1")],
    ),
    Sample(
        "integration latency by the minute",
        (ACCESS,),
        """filter status=200
| stats avg(integrationLatency), max(integrationLatency),
min(integrationLatency) by bin(1m)""",
        ("bin(1m)", "avg(integrationLatency)", "max(integrationLatency)", "min(integrationLatency)"),
        [(at("03:00"), "25", "30", "20"), (at("03:01"), "100", "100", "100")],
    ),
    Sample(
        "events by a field with a hyphen",
        (BILLING,),
        """fields @timestamp, @message
| stats count(*) as numberOfEvents by `detail-type`
| sort numberOfEvents desc""",
        ("detail-type", "numberOfEvents"),
        [(None, "10"), ("invoice.sent", "2"), ("invoice.due", "1")],
    ),
    Sample(
        "filter by what only some fields have",
        (BILLING,),
        "filter @@source = 'queue' and events.1 = 2 | fields `detail-type`, events.0",
        ("detail-type", "events.0"),
        [("invoice.sent", "1")],
    ),
]
