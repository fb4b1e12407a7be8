"""`lambdatop policy`: the least-privilege IAM policy for what lambdatop reads, as JSON."""

import json
import re
import time
from typing import TYPE_CHECKING

import click

from lambdatop.cli import output
from lambdatop.cli.options import debug_option, function_argument, option
from lambdatop.cli.settings import Diagnosis

if TYPE_CHECKING:
    from lambdatop.sources.permission import Feature
    from lambdatop.sources.policy_document import PolicyScope
    from lambdatop.sources.policy_scope import AccountFacts


class AccountId(click.ParamType[str]):
    """Twelve digits."""

    name = "ID"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the digits, without the hyphens that the console shows."""
        digits = str(value).replace("-", "")
        if not re.fullmatch("[0-9]{12}", digits):
            self.fail(f"{str(value)!r} is no AWS account; its id has twelve digits", param, ctx)
        return digits


class PolicyCommand(click.Command):
    """The command with its examples."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's own
        """Write examples."""
        with formatter.section("Examples"):
            formatter.write_dl(
                [
                    ("lambdatop policy > policy.json", "for this account and region"),
                    ("lambdatop policy 'checkout-*' --region eu-west-1", "for some functions"),
                    ("lambdatop policy --account 123456789012", "for another account, asking AWS nothing"),
                ],
                col_max=52,
            )


@click.command(cls=PolicyCommand, context_settings={"help_option_names": ["-h", "--help"]})
@function_argument
@option("--profile", metavar="NAME", help="AWS profile that knows the account.")
@option(
    "--region", "regions", metavar="NAME", multiple=True, envvar=["AWS_REGION"],
    help="AWS region; repeatable. AWS_REGION is honoured.",
)  # fmt: skip
@option("--endpoint-url", metavar="URL", help="Another endpoint than AWS's own, for all services.")
@option(
    "--account", "account_id", type=AccountId(),
    help="The account's id; AWS is asked nothing then, and log groups outside /aws/lambda/ are not known.",
)  # fmt: skip
@click.option(  # not from the environment, where LAMBDATOP_LIVE_TAIL is the screen's mode
    "--live-tail", "has_live_tail", is_flag=True, help="Allow Live Tail too, which is paid by the minute."
)
@option(
    "--insights/--no-insights", "has_insights", default=True, show_default=True,
    help="Allow Logs Insights: queries, and log groups of the Infrequent Access class.",
)  # fmt: skip
@debug_option
@click.pass_obj
def policy_command(
    _diagnosis: Diagnosis,
    *,
    functions: tuple[str, ...],
    profile: str | None,
    regions: tuple[str, ...],
    endpoint_url: str | None,
    account_id: str | None,
    has_live_tail: bool,
    has_insights: bool,
) -> None:
    """Print the least-privilege IAM policy for what lambdatop reads, of all functions or those named.

    Credentials are used, where there are any, to ask for the account's id and for log groups that are not under
    /aws/lambda/. The policy allows reading alone.
    """
    from lambdatop.sources.policy_document import fitted, policy_document
    from lambdatop.sources.policy_scope import scope_of

    wanted = tuple(dict.fromkeys(filter(None, regions)))
    facts: list[AccountFacts] = []
    if account_id is None:
        facts = [_ask(profile, region, endpoint_url or None, functions) for region in wanted or (None,)]
        account_id = next((one.account_id for one in facts if one.account_id), None)
    known = wanted or tuple(one.region for one in facts if one.region)
    scope = scope_of(account_id, known, functions, [group for one in facts for group in one.log_groups])
    features: list[Feature] = ["core"]
    features += ["insights"] if has_insights else []
    features += ["live_tail"] if has_live_tail else []
    small = fitted(scope, features)
    output.write(json.dumps(policy_document(small, features), indent=2) + "\n")
    _tell_what_is_wide(facts, scope, small)


def _ask(
    profile: str | None, region: str | None, endpoint_url: str | None, functions: tuple[str, ...]
) -> "AccountFacts":
    output.show_progress("asking AWS for the account; --account asks nothing")
    import random

    from lambdatop.engine import clock
    from lambdatop.sources.aws_call import AwsCall
    from lambdatop.sources.aws_clients import AwsClients
    from lambdatop.sources.policy_scope import read_account

    call = AwsCall(AwsClients(profile, region, endpoint_url), 0.4, clock.now_ms, time.sleep, random.Random())
    try:
        return read_account(call, functions, clock.now_ms())
    finally:
        output.show_progress("")


def _tell_what_is_wide(facts: "list[AccountFacts]", scope: "PolicyScope", small: "PolicyScope") -> None:
    """Say on stderr where the policy allows more than it had to, or may lack log groups, and why."""
    obstacle = next((one.obstacle for one in facts if one.obstacle is not None), None)
    if scope.account_id == "*":
        reason = f": {obstacle.sentence}" if obstacle else "."
        output.say(f"lambdatop: the account is not known, so the policy says * for it (--account gives it){reason}")
    elif obstacle is not None:
        output.say(f"lambdatop: log groups outside /aws/lambda/ are not known, so none are in it: {obstacle.sentence}")
    if scope.regions == ("*",):
        output.say("lambdatop: the region is not known, so the policy says * for it (--region gives it).")
    if small != scope:
        output.say("lambdatop: names are folded into wildcards, since a managed policy holds 6,144 characters.")
