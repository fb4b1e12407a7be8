import pytest

from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.trace_filter import compile_filter_expression

SUMMARY = {
    "ResponseTime": 3.0, "Duration": 4.0, "HasError": False, "HasFault": True, "HasThrottle": False, "IsPartial": False,
    "Http": {"HttpStatus": 500, "HttpURL": "http://x/orders"},
    "ServiceIds": [{"Name": "orders", "Type": "AWS::Lambda::Function"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "is_match"),
    [
        ("fault", True),
        ("ok", False),
        ("!ok", True),
        ("responsetime > 2 AND duration < 5", True),
        ("responsetime > 5 OR http.status = 500", True),
        ('http.url CONTAINS "orders"', True),
        ('http.url BEGINSWITH "orders"', False),
        ('service("orders")', True),
        ('service("other")', False),
        ('service(id(name: "orders", type: "AWS::Lambda::Function")) AND (error OR fault OR throttle)', True),
        ('service(id(name: "orders", type: "AWS::SQS::Queue"))', False),
    ],
)
def test_an_expression_selects(expression: str, is_match: bool) -> None:
    assert compile_filter_expression(expression)(SUMMARY) is is_match


@pytest.mark.parametrize("expression", ['edge("a", "b")', "responsetime >", "(fault", "fault fault", "colour = 3"])
def test_what_is_not_served_is_refused(expression: str) -> None:
    with pytest.raises(ServiceError, match="InvalidRequestException"):
        compile_filter_expression(expression)
