"""Which frames of a stack trace are not the function's own code: the runtime, the standard library, dependencies.

Paths tell most. Python packages that were installed beside the handler lie in `/var/task` like the function's own code,
so those that Lambda functions use most are known by name; so are the packages of Java, .NET and Go.
"""

import re

_PATH = re.compile(
    r"node_modules/|(?:site|dist)-packages/|^(?:file://)?/var/(?:runtime|lang|rapid)/|^/usr/(?:local/)?(?:lib\d*|go|share)/"
    r"|/lib/python\d|/opt/(?:python|nodejs|ruby|java|extensions?|lib)/|(?:^|/)vendor/|/gems/|/go/pkg/mod/|@v\d+\."
    r"|/\.?cargo/|/rustc/|^node:|^internal/|^<|^\(?native|^evalmachine|^bootstrap_node|webpack/(?:runtime|bootstrap)"
    r"|^(?:runtime|reflect|log|net|encoding|database|os|io|strings|bytes|fmt|context|sync|time|errors|syscall|testing"
    r"|bufio|strconv|crypto|math|sort|slices|regexp|internal|path|compress)/[\w/]+\.go$|^github\.com/aws/"
    r"|^(?:_\w+|events|fs|net|dns|timers|util|stream|buffer|https?|tls|domain|module|vm|child_process|zlib|assert)\.js$"
)
_PYTHON_PACKAGE = re.compile(
    r"^/var/task/(?:python/)?(?:aiobotocore|aiohttp|aiomysql|anyio|asyncpg|attrs?|aws_lambda_powertools|aws_xray_sdk"
    r"|awslambdaric|awswrangler|bedrock_agentcore|boto3|botocore|bs4|certifi|chalice|charset_normalizer|click"
    r"|confluent_kafka|cryptography|datadog_lambda|dateutil|ddtrace|django|elasticsearch|fastapi|flask|google|grpc"
    r"|h11|httpcore|httpx|idna|jinja2|jmespath|jose|jsonschema|jwt|kafka|langchain\w*|lxml|mangum|marshmallow|moto"
    r"|msgspec|mysql|newrelic|numpy|openai|opensearchpy|opentelemetry|orjson|pandas|paramiko|PIL|psycopg2?|pyarrow"
    r"|pydantic\w*|pymongo|pymssql|pymysql|pynamodb|redis|requests\w*|s3transfer|scipy|sentry_sdk|serverless_wsgi"
    r"|simplejson|six|snowflake|sqlalchemy|starlette|stripe|structlog|tenacity|thundra|twilio|urllib3|wrapt|yaml"
    r"|zeep)(?:/|\.py$)"
)
_DOTTED = re.compile(
    r"^(?:java|javax|jdk|sun|com\.sun|jakarta|kotlin|kotlinx|scala|groovy|clojure|com\.amazonaws|software\.amazon"
    r"|lambdainternal|org\.(?:springframework|apache|hibernate|postgresql|slf4j|jboss|crac|eclipse|mariadb|bson|jooq"
    r"|flywaydb|elasticsearch|opensearch|redisson|aspectj|yaml|json|xml|w3c|opentest4j|joda)"
    r"|com\.(?:fasterxml|zaxxer|mysql|google|mongodb|microsoft|stripe|newrelic|datadoghq|oracle|ibm|github|squareup"
    r"|sun|netflix|jayway)|io\.(?:netty|micronaut|quarkus|lettuce|opentelemetry|vertx|reactivex|micrometer|smallrye"
    r"|grpc|ktor|projectreactor)|reactor|okhttp3|okio|retrofit2|feign|redis\.clients|ch\.qos|net\.bytebuddy|lombok"
    r"|System|Microsoft|Amazon|AWS\.Lambda|Npgsql|Newtonsoft|MySql|MySqlConnector|Dapper|StackExchange|Polly|Serilog"
    r"|NLog|AutoMapper|FluentValidation|MediatR|MongoDB|RestSharp|Refit|Grpc|Google|Datadog|OpenTelemetry|MassTransit"
    r"|Azure|Elastic|Castle|Autofac|NewRelic|Bootstrap)\."
)
_FUNCTION = re.compile(
    r"^(?:lambda_method\d*|panic|gopanic|goPanic\w*|panicmem|sigpanic|created by .*|runtime\.\S*|std::.*|core::.*"
    r"|alloc::.*|tokio::.*|hyper::.*|tower::.*|lambda_runtime::.*|<?(?:<[^>]*>)?.*rust_begin_unwind|__rust_\w+|_start|main"
    r"|async Promise\.all.*|process\.processTicksAndRejections|new Promise|Array\.(?:map|forEach|reduce|filter))$"
)


def is_library(file: str, function: str) -> bool:
    """Return whether a frame is runtime, standard library or dependency; a frame without a place is nobody's.

    >>> is_library("/var/task/orders/load.py", "load"), is_library("/var/runtime/bootstrap.py", "main")
    (False, True)
    """
    if not file:
        return not function or _DOTTED.match(function) is not None or _FUNCTION.match(function) is not None
    path = file.replace("\\", "/")
    if _PATH.search(path) is not None or _PYTHON_PACKAGE.match(path) is not None:
        return True
    return path.endswith((".go", ".rs")) and _FUNCTION.match(function) is not None and function != "main"
