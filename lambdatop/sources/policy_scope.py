"""What an account tells about the scope of its policy: its id, and log groups that are not where Lambda puts them."""

import random
from collections.abc import Iterable, Sequence

from msgspec import Struct

from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.function_catalogue import FunctionCatalogue
from lambdatop.sources.identity import UNKNOWN_ACCOUNT_ID, IdentitySource
from lambdatop.sources.policy_document import ANY, PolicyScope, covering, iam_pattern
from lambdatop.sources.watch import Watch


class AccountFacts(Struct, frozen=True, kw_only=True):
    """What one region of an account told."""

    account_id: str | None = None
    region: str | None = None
    log_groups: tuple[str, ...] = ()
    obstacle: SourceFailure | None = None
    """What kept the rest from being known."""


def read_account(call: AwsCall, patterns: tuple[str, ...], now_ms: int) -> AccountFacts:
    """Ask who is asking and which log groups the functions write to; what cannot be had is left out."""
    watch = Watch()
    obstacle = None
    try:
        call.clients.connect()
        for source in (
            IdentitySource(call, watch, random.Random()),
            FunctionCatalogue(call, watch, random.Random(), patterns),
        ):
            for _ in source.read(now_ms):
                pass
    except SourceFailure as failure:
        obstacle = failure
    account_id = watch.scope.account_id if watch.scope else None
    return AccountFacts(
        account_id=None if account_id == UNKNOWN_ACCOUNT_ID else account_id,
        region=call.clients.region,
        log_groups=tuple(sorted({function.log_group for function in watch.functions or ()})),
        obstacle=obstacle,
    )


def scope_of(
    account_id: str | None, regions: Iterable[str], patterns: Sequence[str], groups: Sequence[str]
) -> PolicyScope:
    """Return the scope for functions by name or glob, none being all; `groups` are log groups known to be theirs.

    >>> scope_of(None, ["eu-west-1"], ["api-*"], ["/aws/lambda/api-a", "/shop/api"]).log_groups
    ('/aws/lambda/api-*', '/shop/api')
    """
    functions = tuple(sorted({iam_pattern(pattern) for pattern in patterns})) or (ANY,)
    usual = [f"/aws/lambda/{name}" for name in functions]
    return PolicyScope(
        account_id=account_id or ANY,
        regions=tuple(sorted(set(regions))) or (ANY,),
        functions=covering(functions),
        log_groups=covering([*usual, *groups]),
    )
