import pytest

from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.trace_filter import compile_filter_expression

QUIET = {"HasError": False, "HasFault": False, "HasThrottle": False, "IsPartial": False, "Http": {}}
ORDERS = {**QUIET, "Name": "orders", "Type": "AWS::Lambda::Function", "ResponseTime": 3.0, "HasFault": True}
STOCK = {**QUIET, "Name": "stock", "Type": "remote", "ResponseTime": 2.5, "HasError": True}
SUMMARY = {
    "ResponseTime": 3.0, "Duration": 4.0, "HasError": False, "HasFault": True, "HasThrottle": False, "IsPartial": False,
    "Http": {"HttpStatus": 500, "HttpURL": "http://x/orders"},
    "Annotations": {
        "tier": [{"AnnotationValue": {"StringValue": "gold"}}], "cold": [{"AnnotationValue": {"BooleanValue": True}}],
        "tries": [{"AnnotationValue": {"NumberValue": 2.0}}],
    },
    "Users": [{"UserName": "ann"}], "ResourceARNs": [{"ARN": "arn:aws:lambda:us-east-1:1:function:orders"}],
    "Services": [ORDERS, STOCK], "Edges": [(ORDERS, STOCK)],
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
        ('service("orders") { fault }', True),
        ('service("stock") { fault }', False),
        ("service() { error AND responsetime > 2 }", True),
        ('edge("orders", "stock")', True),
        ('edge("stock", "orders")', False),
        ('edge(id(name: "orders", type: "AWS::Lambda::Function"), "stock") { error }', True),
        ('edge("orders", "stock") { fault }', False),
        ('annotation[tier] = "gold"', True),
        ('annotation.tier = "silver"', False),
        ('annotation[tier] BEGINSWITH "go" AND annotation.tries >= 2', True),
        ("annotation.cold = true AND !(annotation.cold = false)", True),
        ("annotation[tier]", True),
        ("(annotation[colour])", False),
        ('user = "ann" AND resource.arn ENDSWITH ":orders"', True),
    ],
)
def test_an_expression_selects(expression: str, is_match: bool) -> None:
    assert compile_filter_expression(expression)(SUMMARY) is is_match


@pytest.mark.parametrize(
    "expression",
    [
        'edge("a")',
        'service("a") { fault',
        "annotation[x] > gold",
        "responsetime >",
        "(fault",
        "fault fault",
        "colour = 3",
    ],
)
def test_what_is_not_served_is_refused(expression: str) -> None:
    with pytest.raises(ServiceError, match="InvalidRequestException"):
        compile_filter_expression(expression)
