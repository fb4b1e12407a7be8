"""The least-privilege IAM policy: the permission table for one account, its regions, functions and log groups."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from lambdatop.sources.permission import ARN_FORMATS, PERMISSIONS, Feature, Resource, partition_of

MANAGED_POLICY_CHARACTERS = 6_144
"""White space is not counted (IAM and STS quotas)."""
ANY = "*"
_SIDS: dict[tuple[Resource, Feature], str] = {
    ("*", "core"): "Account",
    ("function", "core"): "Functions",
    ("log_group", "core"): "LogGroups",
    ("queue", "core"): "Queues",
    ("*", "insights"): "InsightsAccount",
    ("log_group", "insights"): "InsightsLogGroups",
    ("log_group", "live_tail"): "LiveTail",
}
_CLASS = re.compile(r"\[!?\]?[^\]]*\]")
_END_OF_PART = re.compile(r"[/\-_.]")


class PolicyScope(Struct, frozen=True, kw_only=True):
    """What a policy is for; names may hold IAM's wildcards * and ?."""

    account_id: str = ANY
    regions: tuple[str, ...] = (ANY,)
    functions: tuple[str, ...] = (ANY,)
    log_groups: tuple[str, ...] = ("/aws/lambda/*",)
    is_region_condition: bool = False
    """Whether regions are said once in a condition, since ARNs for each would make the policy too long."""


def policy_document(scope: PolicyScope, features: Collection[Feature]) -> dict[str, Any]:
    """Return the policy in IAM's grammar, the same for the same scope whatever its order.

    Actions that cannot be scoped to a resource are held to the regions by a condition.
    """
    statements = []
    for (resource, feature), sid in _SIDS.items():
        actions = sorted(
            {
                action
                for permission in PERMISSIONS.values()
                if (permission.resource, permission.feature) == (resource, feature) and feature in features
                for action in permission.actions
            }
        )
        if not actions:
            continue
        statement: dict[str, Any] = {"Sid": sid, "Effect": "Allow", "Action": actions}
        statement["Resource"] = ANY if resource == ANY else _arns(resource, scope)
        if (resource == ANY or scope.is_region_condition) and ANY not in scope.regions:
            statement["Condition"] = {"StringEquals": {"aws:RequestedRegion": sorted(set(scope.regions))}}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def fitted(scope: PolicyScope, features: Collection[Feature]) -> PolicyScope:
    """Return the scope, its names folded into wildcards as far as a managed policy's size asks for it."""
    while size(policy_document(scope, features)) > MANAGED_POLICY_CHARACTERS:
        if max(len(scope.log_groups), len(scope.functions)) == 1:
            return replace(scope, is_region_condition=True)
        if len(scope.log_groups) >= len(scope.functions):
            scope = replace(scope, log_groups=folded(scope.log_groups))
        else:
            scope = replace(scope, functions=folded(scope.functions))
    return scope


def size(document: dict[str, Any]) -> int:
    """Return the characters of a policy as IAM counts them."""
    return len(json.dumps(document, separators=(",", ":")))


def folded(names: Iterable[str]) -> tuple[str, ...]:
    """Return fewer names: those with the most parts at their beginning in common become wildcards.

    >>> folded(["/shop/eu/orders", "/shop/eu/mail", "/shop/us/orders", "audit"])
    ('/shop/eu/*', '/shop/us/orders', 'audit')
    """
    kept = covering(names)
    shared = Counter(name[: end.end()] for name in kept for end in _END_OF_PART.finditer(name.rstrip("*")))
    usable = [prefix for prefix, count in shared.items() if count > 1 and len(prefix) > 1]
    if not usable:
        return (ANY,)
    deepest = max(_parts(prefix) for prefix in usable)
    return covering([*kept, *(f"{prefix}*" for prefix in usable if _parts(prefix) == deepest)])


def covering(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names, sorted, without those that a wildcard at the end of another covers."""
    unique = sorted(set(names))
    prefixes = {name[:-1] for name in unique if name.endswith("*")}
    return tuple(
        name for name in unique
        if not any(name[:length] in prefixes for length in range(len(name.rstrip("*")) + (name[-1:] != "*")))
    )  # fmt: skip


def iam_pattern(glob: str) -> str:
    """Return a glob in IAM's wildcards, which know no classes of characters.

    >>> iam_pattern("checkout-[ab]?-*")
    'checkout-??-*'
    """
    return _CLASS.sub("?", glob)


def _parts(prefix: str) -> int:
    return len(_END_OF_PART.findall(prefix))


def _arns(resource: Resource, scope: PolicyScope) -> list[str]:
    """Return the resource's ARNs; a log group's has a second form, with what is in the group behind a colon."""
    names: Sequence[str] = {"function": scope.functions, "log_group": scope.log_groups}.get(resource, (ANY,))
    suffixes = ("", ":*") if resource == "log_group" else ("",)
    return sorted(
        {
            ARN_FORMATS[resource].format(
                partition=partition_of(region),
                region=ANY if scope.is_region_condition else region,
                account_id=scope.account_id,
                name=name,
            )
            + ("" if name.endswith("*") else suffix)
            for region in scope.regions
            for name in covering(names)
            for suffix in suffixes
        }
    )
