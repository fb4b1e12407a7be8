"""AWS as a source sees it: answers by operation, and what was asked."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from lambdatop.model.delivery import Delivery
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.sources.aws_call import AwsCall
from lambdatop.sources.clock_skew import ClockSkew
from lambdatop.sources.cost_cap import CostCap
from lambdatop.sources.failure import SourceFailure
from lambdatop.sources.watch import Watch

SCOPE = Scope("123456789012", "eu-west-1")
_Kind = TypeVar("_Kind", bound=Delivery)
Answer = dict[str, Any] | SourceFailure | Callable[..., dict[str, Any]]


class FakeClients:
    """What sources look at of the clients."""

    def __init__(self, *, is_custom_endpoint: bool = False) -> None:
        self.is_custom_endpoint = is_custom_endpoint
        self.region = SCOPE.region
        self.profile = None
        self.connected = 0
        self.login_ends_at_ms: int | None = None
        self.are_of_environment = False

    def connect(self) -> None:
        self.connected += 1


class FakeCall:
    """Answers an operation with a dictionary, a failure or a function of the parameters; a list is used up in turn."""

    def __init__(self, answers: dict[str, Answer | list[Answer]], *, is_custom_endpoint: bool = False) -> None:
        self.answers = answers
        self.clients = FakeClients(is_custom_endpoint=is_custom_endpoint)
        self.is_login_lost = False
        self.skew = ClockSkew(lambda: 0)
        self.cap = CostCap(None)
        self.asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.charged_usd: dict[str, float] = defaultdict(float)

    def __call__(self, _service: str, operation: str, /, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401
        self.asked[operation].append(parameters)
        answer = self.answers.get(operation, {})
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(**parameters)
        if isinstance(answer, SourceFailure):
            if answer.state == "credentials":
                self.is_login_lost = True
            raise answer
        return answer

    def charge(self, operation: str, cost_usd: float) -> None:
        self.charged_usd[operation] += cost_usd

    def belong_to(self, scope: Scope) -> None:
        """Take note of whose budget this is."""
        self.scope = scope

    @property
    def call(self) -> AwsCall:
        """The same, for those who ask for the real thing."""
        return cast("AwsCall", self)


class SteadyRandom(random.Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


def key(name: str) -> FunctionKey:
    return FunctionKey(*SCOPE, name)


def watch_of(*names: str, **settings: Any) -> Watch:  # noqa: ANN401  a function's settings
    """A blackboard with a scope and functions of these names."""
    watch = Watch()
    watch.scope = SCOPE
    watch.functions = tuple(
        LambdaFunction(key=key(name), log_group=f"/aws/lambda/{name}", **settings) for name in names
    )
    watch.are_event_sources_asked = True
    return watch


def refused(state: Any, code: str = "", sentence: str = "no") -> SourceFailure:  # noqa: ANN401  a SourceState
    return SourceFailure(state, sentence, "help", code=code)


def only(deliveries: Iterable[Delivery], kind: type[_Kind]) -> list[_Kind]:
    return [one for one in deliveries if isinstance(one, kind)]
