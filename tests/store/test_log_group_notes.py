"""What sources say of log groups becomes notes of the functions that write to them."""

from lambdatop.model.delivery import FunctionsDelivered, LogEventsDelivered, LogGroupsNoted
from lambdatop.model.identity import FunctionKey, Scope
from lambdatop.model.lambda_function import LambdaFunction
from lambdatop.model.snapshot import Snapshot
from lambdatop.model.view import View
from lambdatop.store.store import Store

NOW_MS = 1_795_230_000_000
SCOPE, OTHER = Scope("123456789012", "eu-west-1"), Scope("123456789012", "us-east-1")
SHARED = "/shop/cold"


def store() -> Store:
    made = Store(NOW_MS - 900_000)
    for scope in (SCOPE, OTHER):
        functions = tuple(
            LambdaFunction(key=FunctionKey(*scope, name), log_group=group)
            for name, group in (("a", SHARED), ("b", SHARED), ("c", "/aws/lambda/c"))
        )
        made.apply(FunctionsDelivered(scope=scope, functions=functions), NOW_MS)
    return made


def texts(snapshot: Snapshot) -> dict[tuple[str, str], set[str]]:
    return {
        (row.key.region, row.key.name): {note.text for note in row.notes if note.field == "invocations"}
        for row in snapshot.functions
    }


def test_a_note_is_for_every_function_of_the_group_in_that_account_and_region_and_for_no_other() -> None:
    made = store()
    made.apply(LogGroupsNoted(scope=SCOPE, notes={SHARED: "late"}), NOW_MS)
    found = texts(made.snapshot(NOW_MS, View()))
    assert [key for key, said in found.items() if said == {"late"}] == [("eu-west-1", "a"), ("eu-west-1", "b")]
    assert all(said == {"its log group has not been read yet"} for said in found.values() if said != {"late"})


def test_a_later_delivery_replaces_what_was_said() -> None:
    made = store()
    made.apply(LogGroupsNoted(scope=SCOPE, notes={SHARED: "late"}), NOW_MS)
    made.snapshot(NOW_MS, View())
    made.apply(LogGroupsNoted(scope=SCOPE, notes={SHARED: "denied"}), NOW_MS)
    assert texts(made.snapshot(NOW_MS, View()))["eu-west-1", "a"] == {"denied"}
    made.apply(LogGroupsNoted(scope=SCOPE, notes={}), NOW_MS)
    page = LogEventsDelivered(scope=SCOPE, log_group=SHARED, events=[], depth="platform", swept_to_ms=NOW_MS)
    made.apply(page, NOW_MS)
    assert texts(made.snapshot(NOW_MS, View()))["eu-west-1", "a"] == set()


def test_every_number_that_comes_from_logs_is_marked() -> None:
    made = store()
    made.apply(LogGroupsNoted(scope=SCOPE, notes={SHARED: "late"}), NOW_MS)
    row = next(row for row in made.snapshot(NOW_MS, View()).functions if row.key.name == "a")
    marked = {note.field for note in row.notes if note.text == "late"}
    assert marked >= {"invocations", "errors", "cold_starts", "duration_ms", "concurrency_peak", "cost_usd"}
