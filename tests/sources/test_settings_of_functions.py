"""Identity, catalogue, concurrency and event sources."""

from typing import Any

from lambdatop.model.delivery import (
    AccountConcurrencyDelivered,
    EventSourcesDelivered,
    FunctionConcurrencyDelivered,
    FunctionsDelivered,
)
from lambdatop.model.identity import Scope
from lambdatop.model.lambda_function import AccountConcurrency, FunctionConcurrency
from lambdatop.sources.concurrency_settings import ConcurrencySettings
from lambdatop.sources.event_sources import EventSources
from lambdatop.sources.function_catalogue import FunctionCatalogue, function_of
from lambdatop.sources.identity import IdentitySource
from lambdatop.sources.watch import Watch
from tests.sources.fake_call import SCOPE, FakeCall, SteadyRandom, key, only, refused, watch_of

NOW_MS = 1_795_000_000_000
ME = {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/me"}


def test_the_scope_is_whose_credentials_they_are() -> None:
    watch = Watch()
    identity = IdentitySource(FakeCall({"GetCallerIdentity": ME}).call, watch, SteadyRandom())
    assert list(identity.poll(NOW_MS)) == []
    assert watch.scope == SCOPE
    assert identity.status(NOW_MS).detail == ME["Arn"]


def test_where_nobody_says_who_asks_the_functions_do() -> None:
    arn = "arn:aws:lambda:eu-west-1:999999999999:function:a"
    fake = FakeCall({"GetCallerIdentity": refused("absent"), "ListFunctions": {"Functions": [{"FunctionArn": arn}]}})
    watch = Watch()
    list(IdentitySource(fake.call, watch, SteadyRandom()).poll(NOW_MS))
    assert watch.scope == Scope("999999999999", "eu-west-1")


def test_a_login_that_any_source_found_lost_is_renewed_in_a_new_session_soon() -> None:
    fake = FakeCall({"GetCallerIdentity": [ME, refused("credentials"), ME]})
    watch = Watch()
    identity = IdentitySource(fake.call, watch, SteadyRandom())
    list(identity.poll(NOW_MS))
    assert (identity.next_due_ms() or 0) > NOW_MS + 500_000
    fake.is_login_lost = True
    assert identity.next_due_ms() == NOW_MS + 15_000
    list(identity.poll(NOW_MS + 15_000))
    assert (fake.clients.connected, identity.status(NOW_MS).state) == (1, "credentials")
    assert identity.next_due_ms() == NOW_MS + 30_000
    list(identity.poll(NOW_MS + 30_000))
    assert (fake.clients.connected, identity.status(NOW_MS).state, watch.generation) == (2, "working", 1)
    assert not fake.is_login_lost


def test_functions_are_listed_page_by_page_and_chosen_by_name_or_glob() -> None:
    pages: list[Any] = [
        {"Functions": [{"FunctionName": "orders-api"}, {"FunctionName": "mailer"}], "NextMarker": "m"},
        {"Functions": [{"FunctionName": "orders-worker"}, {"FunctionName": "Orders-api"}]},
    ]
    watch = watch_of()
    fake = FakeCall({"ListFunctions": pages})
    catalogue = FunctionCatalogue(fake.call, watch, SteadyRandom(), ("orders-*", "mailer"))
    (delivery,) = only(catalogue.poll(NOW_MS), FunctionsDelivered)
    assert [one.key.name for one in delivery.functions] == ["orders-api", "mailer", "orders-worker"]
    assert watch.functions == delivery.functions
    assert [asked.get("Marker") for asked in fake.asked["ListFunctions"]] == [None, "m"]
    assert catalogue.status(NOW_MS).detail == "3 of 4 functions"


def test_environment_variables_never_reach_the_model() -> None:
    entry = {
        "FunctionName": "orders",
        "Environment": {"Variables": {"PASSWORD": "hunter2"}},
        "LoggingConfig": {"LogFormat": "JSON", "SystemLogLevel": "WARN", "LogGroup": "/shared"},
        "DeadLetterConfig": {"TargetArn": "arn:dlq"},
        "Architectures": ["arm64"],
        "Runtime": "brainfuck9.x",
    }
    function = function_of(entry, SCOPE)
    assert "hunter2" not in repr(function)
    assert (function.log_group, function.dead_letter_target_arn, function.architecture) == (
        "/shared",
        "arn:dlq",
        "arm64",
    )
    assert function_of({"FunctionName": "bare"}, SCOPE).log_group == "/aws/lambda/bare"


def concurrency(**answers: Any) -> FakeCall:  # noqa: ANN401
    account = {"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 980}}
    return FakeCall({"GetAccountSettings": account, **answers})


def test_reservations_are_asked_until_they_add_up() -> None:
    def reserved(**asked: str) -> dict[str, Any]:
        return {"ReservedConcurrentExecutions": 20} if asked["FunctionName"] == "a" else {}

    fake = concurrency(GetFunctionConcurrency=reserved)
    settings = ConcurrencySettings(fake.call, watch_of("a", "b", "c"), SteadyRandom())
    account, functions = settings.poll(NOW_MS)
    assert isinstance(account, AccountConcurrencyDelivered)
    assert account.account == AccountConcurrency(limit=1000, unreserved=980)
    assert isinstance(functions, FunctionConcurrencyDelivered)
    assert {one.name: settings.reserved for one, settings in functions.functions.items()} == {
        "a": 20,
        "b": None,
        "c": None,
    }
    assert len(fake.asked["GetFunctionConcurrency"]) == 1


def test_a_function_that_is_gone_costs_only_itself_and_a_missing_limit_is_unknown() -> None:
    def reserved(**asked: str) -> dict[str, Any]:
        if asked["FunctionName"] == "gone":
            raise refused("failed", "ResourceNotFoundException")
        return {"ReservedConcurrentExecutions": 5}

    fake = FakeCall({"GetAccountSettings": {"AccountLimit": {}}, "GetFunctionConcurrency": reserved})
    settings = ConcurrencySettings(fake.call, watch_of("gone", "kept"), SteadyRandom())
    (functions,) = only(settings.poll(NOW_MS), FunctionConcurrencyDelivered)
    assert functions.functions == {key("kept"): FunctionConcurrency(reserved=5)}
    assert settings.status(NOW_MS).state == "absent"


def test_provisioned_concurrency_is_summed_over_aliases() -> None:
    configs = [
        {"RequestedProvisionedConcurrentExecutions": 4, "AvailableProvisionedConcurrentExecutions": 3},
        {"RequestedProvisionedConcurrentExecutions": 1, "AvailableProvisionedConcurrentExecutions": 1},
    ]
    fake = concurrency(ListProvisionedConcurrencyConfigs={"ProvisionedConcurrencyConfigs": configs})
    watch = watch_of("a")
    watch.active = frozenset({key("a")})
    (functions,) = only(
        ConcurrencySettings(fake.call, watch, SteadyRandom()).poll(NOW_MS), FunctionConcurrencyDelivered
    )
    found = functions.functions[key("a")]
    assert (found.provisioned_requested, found.provisioned_available) == (5, 4)


MAPPING = {
    "UUID": "u1",
    "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:orders:live",
    "EventSourceArn": "arn:aws:sqs:eu-west-1:123456789012:orders-in",
    "State": "Enabled",
    "DestinationConfig": {"OnFailure": {"Destination": "arn:failures"}},
}
CONFIG = {"DestinationConfig": {"OnFailure": {"Destination": "arn:async"}}}


def test_mappings_and_destinations_are_delivered() -> None:
    answers: dict[str, Any] = {
        "ListEventSourceMappings": {"EventSourceMappings": [MAPPING]},
        "ListFunctionEventInvokeConfigs": {"FunctionEventInvokeConfigs": [CONFIG, {}]},
    }
    watch = watch_of("orders")
    delivery = only(EventSources(FakeCall(answers).call, watch, SteadyRandom()).poll(NOW_MS), EventSourcesDelivered)[-1]
    (mapping,) = delivery.mappings
    assert (mapping.function, mapping.on_failure_arn) == (key("orders"), "arn:failures")
    assert [one.target_arn for one in delivery.destinations] == ["arn:async"]
    assert (watch.mappings, watch.destinations) == (delivery.mappings, delivery.destinations)


def test_queues_need_not_wait_for_event_sources_that_cannot_be_read() -> None:
    watch = watch_of("orders")
    watch.are_event_sources_asked = False
    sources = EventSources(FakeCall({"ListEventSourceMappings": refused("denied")}).call, watch, SteadyRandom())
    list(sources.poll(NOW_MS))
    assert watch.are_event_sources_asked
    assert sources.status(NOW_MS).state == "denied"


def test_a_source_backs_off_twice_as_long_each_time_and_recovers() -> None:
    fake = FakeCall({"ListFunctions": refused("failed")})
    catalogue = FunctionCatalogue(fake.call, watch_of(), SteadyRandom(), ())
    waits, now_ms = [], NOW_MS
    for _ in range(5):
        list(catalogue.poll(now_ms))
        due_ms = catalogue.next_due_ms() or 0
        waits.append(due_ms - now_ms)
        now_ms = due_ms
    assert waits == [500, 1_000, 2_000, 4_000, 8_000]
    fake.answers["ListFunctions"] = {"Functions": []}
    list(catalogue.poll(now_ms))
    assert (catalogue.status(now_ms).state, catalogue.status(now_ms).remedy) == ("working", None)
    assert catalogue.status(now_ms + 200_000).state == "late"


def test_passing_trouble_is_an_answer_only_when_it_stays() -> None:
    fake = FakeCall({"ListFunctions": refused("throttled")})
    catalogue = FunctionCatalogue(fake.call, watch_of(), SteadyRandom(), ())
    answers, now_ms = [], NOW_MS
    for _ in range(4):
        list(catalogue.poll(now_ms))
        answers.append(catalogue.has_first_answer())
        now_ms = catalogue.next_due_ms() or 0
    assert answers == [False, False, False, True]
    fake.answers["ListFunctions"] = refused("denied")
    denied = FunctionCatalogue(fake.call, watch_of(), SteadyRandom(), ())
    list(denied.poll(NOW_MS))
    assert denied.has_first_answer()
