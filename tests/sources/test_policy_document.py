"""The printed policy: IAM's grammar, its scope, its size."""

import json
import random
import re
from typing import Any

import pytest

from lambdatop.sources.permission import PERMISSIONS, Feature
from lambdatop.sources.policy_document import (
    MANAGED_POLICY_CHARACTERS,
    PolicyScope,
    covering,
    fitted,
    folded,
    policy_document,
    size,
)

ALL: frozenset[Feature] = frozenset({"core", "insights", "live_tail"})
CORE: frozenset[Feature] = frozenset({"core"})
SCOPE = PolicyScope(account_id="123456789012", regions=("eu-west-1",))
ARN = re.compile(r"arn:aws(-[a-z-]+)?:(lambda|logs|sqs):([a-z0-9-]+|\*):(\d{12}|\*):\S+")
ACTION = re.compile(r"(lambda|logs|cloudwatch|sqs|xray):[A-Z][A-Za-z]+")


def check_grammar(document: dict[str, Any]) -> None:
    """IAM's policy grammar, as far as these policies use it."""
    assert list(document) == ["Version", "Statement"]
    assert document["Version"] == "2012-10-17"
    sids = [statement["Sid"] for statement in document["Statement"]]
    assert len(set(sids)) == len(sids) > 0
    for statement in document["Statement"]:
        assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"}
        assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"])
        assert statement["Effect"] == "Allow"
        assert statement["Action"] == sorted(set(statement["Action"])) != []
        assert all(ACTION.fullmatch(action) for action in statement["Action"])
        resources = statement["Resource"]
        assert resources == "*" or (resources == sorted(set(resources)) != [] and all(map(ARN.fullmatch, resources)))
        for operator, test in statement.get("Condition", {}).items():
            assert operator == "StringEquals"
            assert test.keys() == {"aws:RequestedRegion"}


def actions_of(document: dict[str, Any]) -> set[str]:
    return {action for statement in document["Statement"] for action in statement["Action"]}


@pytest.mark.parametrize("features", [CORE, ALL])
@pytest.mark.parametrize(
    "scope",
    [
        PolicyScope(),
        SCOPE,
        PolicyScope(account_id="123456789012", regions=("cn-north-1", "cn-northwest-1")),
        PolicyScope(functions=("api-*", "checkout"), log_groups=("/aws/lambda/api-*", "/shop/checkout")),
    ],
)
def test_every_policy_is_in_iams_grammar(scope: PolicyScope, features: frozenset[Feature]) -> None:
    check_grammar(policy_document(scope, features))


def test_it_allows_what_the_features_need_and_nothing_else() -> None:
    for features in (CORE, ALL):
        needed = {action for one in PERMISSIONS.values() if one.feature in features for action in one.actions}
        assert actions_of(policy_document(SCOPE, features)) == needed
    assert "logs:StartLiveTail" not in actions_of(policy_document(SCOPE, CORE | {"insights"}))


def test_it_reaches_nowhere_beyond_the_account_the_regions_and_the_log_groups() -> None:
    scope = PolicyScope(
        account_id="123456789012", regions=("eu-west-1",), functions=("checkout",), log_groups=("/shop/checkout",)
    )
    for statement in policy_document(scope, ALL)["Statement"]:
        if statement["Resource"] == "*":
            assert statement["Condition"] == {"StringEquals": {"aws:RequestedRegion": ["eu-west-1"]}}
            continue
        assert all(":eu-west-1:123456789012:" in arn for arn in statement["Resource"])
        if "logs:FilterLogEvents" in statement["Action"]:
            group = "arn:aws:logs:eu-west-1:123456789012:log-group:/shop/checkout"
            assert statement["Resource"] == [group, f"{group}:*"]


def test_the_order_of_what_is_known_does_not_change_a_byte() -> None:
    names = [f"/shop/{number}" for number in range(20)]
    documents = set()
    for seed in range(5):
        random.Random(seed).shuffle(names)
        scope = PolicyScope(regions=("eu-west-1", "eu-north-1")[:: seed % 2 * 2 - 1], log_groups=tuple(names))
        documents.add(json.dumps(policy_document(scope, ALL)))
    assert len(documents) == 1


def test_regions_of_other_partitions_have_their_own_arns() -> None:
    document = json.dumps(policy_document(PolicyScope(regions=("cn-north-1",)), CORE))
    assert "arn:aws-cn:lambda:cn-north-1:" in document
    assert "arn:aws:" not in document


@pytest.mark.parametrize("count", [1, 50, 2_000])
@pytest.mark.parametrize("form", ["/apps/team-{0}/service-{1}/log", "app{1}", "/aws/lambda/f-{1}", "a-{0}.b_{1}"])
def test_many_log_groups_are_folded_until_the_policy_fits(form: str, count: int) -> None:
    names = tuple(form.format(number % 7, number) for number in range(count))
    scope = fitted(PolicyScope(account_id="123456789012", regions=("eu-west-1",), log_groups=names), ALL)
    assert size(policy_document(scope, ALL)) <= MANAGED_POLICY_CHARACTERS
    check_grammar(policy_document(scope, ALL))
    for name in names:
        assert any(name == kept or (kept[-1] == "*" and name.startswith(kept[:-1])) for kept in scope.log_groups)
    if count == 1:
        assert scope.log_groups == names


def test_many_regions_become_a_condition() -> None:
    regions = tuple(f"eu-south-{number}" for number in range(30))
    document = policy_document(fitted(PolicyScope(account_id="123456789012", regions=regions), ALL), ALL)
    assert size(document) <= MANAGED_POLICY_CHARACTERS
    check_grammar(document)
    assert all(
        statement["Condition"]["StringEquals"]["aws:RequestedRegion"] == sorted(regions)
        for statement in document["Statement"]
    )


def test_a_wildcard_covers_the_names_that_begin_with_it() -> None:
    assert covering(["/a/*", "/a/b", "/a/b/*", "/ab", "/a/"]) == ("/a/*", "/ab")
    assert folded(["x", "y"]) == ("*",)
