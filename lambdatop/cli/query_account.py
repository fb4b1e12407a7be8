"""The account that `lambdatop query` asks: its call, its functions, its saved queries."""

import random
from collections.abc import Callable, Sequence

from lambdatop.cli.failure import CommandError
from lambdatop.cli.settings import ConnectionSettings
from lambdatop.model.identity import Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.query import DefinitionList, DefinitionsFound, QueryDefinition
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.aws_clients import AwsClients
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.function_catalogue import FunctionCatalogue
from lambdatop.sources.identity import IdentitySource
from lambdatop.sources.query_lookup import outcome_of
from lambdatop.sources.watch import Watch


class QueryAccount:
    """One profile and region; `connect` before anything else."""

    def __init__(self, settings: ConnectionSettings, now_ms: Callable[[], int], wait: Callable[[float], None]) -> None:
        self._now_ms = now_ms
        self._skew = ClockSkew(now_ms)
        self.call = AwsCall(
            AwsClients(settings.profiles[0], settings.regions[0], settings.endpoint_url),
            settings.quota_share,
            self._skew.now_ms,
            wait,
            random.Random(),
            self._skew,
            CostCap(settings.max_cost_usd_per_hour),
        )

    @property
    def scope(self) -> Scope:
        """The region; which account it is matters to no query."""
        return Scope("", self.call.clients.region or "")

    def connect(self) -> None:
        """Load the AWS libraries; raises CommandError."""
        try:
            self.call.clients.connect()
        except SourceFailure as failure:
            raise stated_failure(failure) from failure

    def functions(self, patterns: Sequence[str]) -> Sequence[LambdaFunction]:
        """Return the functions that names and globs let through, all of them without any; raises CommandError."""
        watch, chance, now_ms = Watch(), random.Random(), self._now_ms()
        try:
            for source in (
                IdentitySource(self.call, watch, chance),
                FunctionCatalogue(self.call, watch, chance, tuple(patterns)),
            ):
                for _ in source.read(now_ms):
                    """What is read goes to the watch."""
        except SourceFailure as failure:
            if failure.state == "denied":
                remedy = "--log-group /aws/lambda/NAME, for which no function need be known"
                raise CommandError(failure.exit_code, failure.sentence, remedy) from failure
            raise stated_failure(failure) from failure
        return watch.functions or ()

    def saved_queries(self) -> Sequence[QueryDefinition]:
        """Return the account's saved queries; raises CommandError."""
        try:
            outcome = outcome_of(self.call, DefinitionList(number=0, scope=self.scope))
        except SourceFailure as failure:
            raise stated_failure(failure) from failure
        return outcome.definitions if isinstance(outcome, DefinitionsFound) else ()


def stated_failure(failure: SourceFailure) -> CommandError:
    """Return a failure of AWS's as that of the command."""
    return CommandError(failure.exit_code, failure.sentence, failure.remedy)
