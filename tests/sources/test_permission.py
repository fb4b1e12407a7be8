"""The permission table against what the sources ask, what AWS has, and IAM's grammar."""

import ast
import re
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from lambdatop.sources.aws_clients import SERVICES
from lambdatop.sources.failure import failure_of
from lambdatop.sources.permission import ARN_FORMATS, PERMISSIONS, denial_remedy
from tests.sources.test_failure import refusal

SOURCES = Path(__file__).parents[2] / "lambdatop" / "sources"
TABLES = {"permission.py", "policy_document.py", "api_budget.py", "api_price.py", "failure.py"}
"""Files that speak of operations and ask none."""


def known_operations() -> dict[str, str]:
    """Return AWS's operations, and botocore's methods for them, as `service:Operation`."""
    session = botocore.session.Session()
    found = {}
    for service in SERVICES:
        for operation in session.get_service_model(service).operation_names:
            found[operation] = found[xform_name(operation)] = f"{service}:{operation}"
    return found


def asked_in(source: str, known: dict[str, str]) -> set[str]:
    """Return the operations that a file names as a text or calls as a method of a client."""
    tree = ast.parse(source)
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    named = {text.partition(":")[2] or text for text in texts}
    return {known[name] for name in (methods & known.keys()) | (named & known.keys())}


def test_the_table_has_the_operations_that_sources_ask_and_no_others() -> None:
    known = known_operations()
    files = [path for path in SOURCES.glob("*.py") if path.name not in TABLES]
    asked = {operation for path in files for operation in asked_in(path.read_text("utf-8"), known)}
    assert {"logs:FilterLogEvents", "lambda:GetFunctionConcurrency", "sts:GetCallerIdentity"} <= asked
    assert asked == PERMISSIONS.keys()


def test_an_operation_is_found_however_it_is_asked() -> None:
    known = known_operations()
    assert asked_in('self._call("lambda", "GetPolicy")', known) == {"lambda:GetPolicy"}
    assert asked_in('self._ask("DeleteFunction", key)', known) == {"lambda:DeleteFunction"}
    assert asked_in("client.start_live_tail()", known) == {"logs:StartLiveTail"}


def test_every_entry_is_an_operation_of_aws_and_its_actions_are_of_its_service() -> None:
    known = set(known_operations().values())
    for operation, permission in PERMISSIONS.items():
        assert operation in known
        for action in permission.actions:
            assert re.fullmatch(r"[a-z]+:(Get|List|Describe|Filter|Start|Stop)[A-Z][A-Za-z]+", action)
            assert action.partition(":")[0] == operation.partition(":")[0]


def test_every_source_in_the_table_is_one_of_the_sources() -> None:
    files = "".join(path.read_text("utf-8") for path in SOURCES.glob("*.py"))
    for permission in PERMISSIONS.values():
        assert f'    name = "{permission.source}"' in files


def test_the_readme_lists_every_operation() -> None:
    readme = (SOURCES.parents[1] / "README.md").read_text("utf-8")
    for operation in PERMISSIONS:
        assert operation.partition(":")[2] in readme


def test_no_action_changes_anything() -> None:
    started = {action for one in PERMISSIONS.values() for action in one.actions if re.search(":(Start|Stop)", action)}
    assert started == {"logs:StartLiveTail", "logs:StartQuery", "logs:StopQuery"}


@pytest.mark.parametrize("operation", PERMISSIONS)
def test_a_denial_says_in_one_sentence_what_allows_it(operation: str) -> None:
    remedy = failure_of(refusal("AccessDeniedException"), operation, None).remedy or ""
    permission = PERMISSIONS[operation]
    assert remedy.count(". ") == 0
    assert remedy.endswith(".")
    for action in permission.actions:
        assert action in remedy
    assert ("`lambdatop policy`" in remedy) == bool(permission.actions)


def test_a_denial_names_the_resource_that_aws_named() -> None:
    message = (
        "User: arn:aws:iam::1:user/x is not authorized to perform: logs:FilterLogEvents on resource: "
        "arn:aws-cn:logs:cn-north-1:1:log-group:/shop/mail:log-stream: because no identity-based policy allows it"
    )
    assert "on arn:aws-cn:logs:cn-north-1:1:log-group:/shop/mail, as" in denial_remedy("logs:FilterLogEvents", message)
    assert "on *, as" in denial_remedy("lambda:ListFunctions", "lambda:ListFunctions on resource: arn:aws:lambda:x")


def test_an_explicit_deny_is_not_answered_by_allowing() -> None:
    message = "User: x is not authorized to perform: logs:FilterLogEvents with an explicit deny in a service control"
    remedy = failure_of(refusal("AccessDeniedException", message=message), "logs:FilterLogEvents", None).remedy or ""
    assert "explicitly" in remedy
    assert "Allow the" not in remedy


def test_arn_formats_have_six_parts_or_more() -> None:
    for resource, arn in ARN_FORMATS.items():
        assert resource == arn == "*" or len(arn.split(":")) >= 6
