import pytest

from lambdatop.demo.filter_pattern import compile_filter_pattern
from lambdatop.demo.service_error import ServiceError


@pytest.mark.parametrize(
    ("pattern", "message", "is_match"),
    [
        ("", "anything", True),
        ('" "', "anything", True),
        ("ERROR", "[ERROR] x", True),
        ("ERROR", "error x", False),
        ("ERROR ARGUMENTS", "ERROR 419 MISSING ARGUMENTS", True),
        ("ERROR ARGUMENTS", "ERROR 400", False),
        ("?ERROR ?ARGUMENTS", "ERROR 400", True),
        ("?ERROR ?ARGUMENTS", "fine", False),
        ("?ERROR ?ARGUMENTS REQUEST", "REQUEST FAILED", True),
        ("ERROR -ARGUMENTS", "ERROR 400", True),
        ("ERROR -ARGUMENTS", "ERROR ARGUMENTS", False),
        ('?"REPORT RequestId" ?INIT_REPORT', "REPORT RequestId: 1", True),
        ("%ERR[0-9]%", "ERR5", True),
        ('{ $.type = "platform.report" }', '{"type": "platform.report"}', True),
        ('{ $.type = "platform.report" }', "platform.report", False),
        ('{ $.eventType = "Update*" }', '{"eventType": "UpdateTrail"}', True),
        ("{ $.arr[1] = 2 }", '{"arr": [1, 2]}', True),
        ("{ $.['a.b'] = 1 }", '{"a.b": 1}', True),
        ("{ $.a.b >= 1e2 }", '{"a": {"b": 100}}', True),
        ("{ $.a IS NULL }", '{"a": null}', True),
        ("{ $.a IS TRUE }", '{"a": true}', True),
        ("{ $.a IS TRUE }", '{"a": 1}', False),
        ("{ $.a NOT EXISTS }", "{}", True),
        ("{ $.a NOT EXISTS }", '{"a": null}', False),
        ("{ $.ip = %12.+% }", '{"ip": "127"}', True),
        ('{ ($.a = "x" || $.a = "y") && $.n != 3 }', '{"a": "y", "n": 4}', True),
        ('{ ($.a = "x" || $.a = "y") && $.n != 3 }', '{"a": "y", "n": 3}', False),
        ('{ $.a = "x" || $.b = 1 && $.c = 2 }', '{"a": "x"}', True),
        ("{ $.arr[*] = 2 }", '{"arr": [1, 2]}', True),
        ("{ $.arr[*] = 3 }", '{"arr": [1, 2]}', False),
        ('{ $.items[*].name = "b*" }', '{"items": [{"name": "a"}, {"name": "bc"}]}', True),
        ("{ $.a != 1 }", "{}", False),
        ("[ip, user, status=4*, bytes > 1000]", "127.0.0.1 frank 404 1534", True),
        ("[ip, user, status=4*, bytes > 1000]", "127.0.0.1 frank 404 900", False),
        ("[ip, user, status=4*, bytes > 1000]", "127.0.0.1 frank 500 1534", False),
        ("[ip, user, status=4*, bytes > 1000]", "127.0.0.1 frank extra 404 1534", False),
        ("[..., status=4*, bytes]", "127.0.0.1 frank extra 404 1534", True),
        ("[ip, ..., bytes=1534]", "127.0.0.1 frank extra 404 1534", True),
        ("[ip, ..., bytes=1534]", "1534", False),
        ('[ip, time, request="*GET*", status]', '1.2.3.4 [10/Oct/2000:13:25:15 -0700] "GET /x" 200', True),
        ('[ip, time, request="*POST*", status]', '1.2.3.4 [10/Oct/2000:13:25:15 -0700] "GET /x" 200', False),
        ("[w1=ERROR || w1=WARN, w2]", "WARN x", True),
        ("[w1=ERROR||w1=WARN, w2]", "WARN the rest of it", True),
        ("[w1=ERROR || w1=WARN, w2]", "INFO x", False),
        ("[w1!=ERROR && w1!=WARN, w2]", "INFO x", True),
        ("[w1=ERROR && (w1=ERROR || w1=b), w2]", "ERROR x", True),
        ("[level, url=%/service/resource/[0-9]+$%, time]", "INFO /service/resource/67 1200", True),
        ("[level, url=%/service/resource/[0-9]+$%, time]", "INFO /service/resource/67/part/1 1200", False),
    ],
)
def test_a_pattern_matches_as_the_documentation_says(pattern: str, message: str, is_match: bool) -> None:
    assert compile_filter_pattern(pattern)(message) is is_match


@pytest.mark.parametrize(
    "pattern",
    [
        '"open',
        "{ $.a = }",
        "{ $.a = 1",
        "{ a = 1 }",
        "%[%",
        "{ ($.a = 1 }",
        "[a, b",
        "[a,, b]",
        "[a=1 AND a=2]",
        "[a=1 || b=2, b]",
        "[..., a, ...]",
        "[]",
    ],
)
def test_an_invalid_pattern_is_an_invalid_parameter(pattern: str) -> None:
    with pytest.raises(ServiceError) as raised:
        compile_filter_pattern(pattern)
    assert raised.value.code == "InvalidParameterException"
