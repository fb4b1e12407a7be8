"""Every scenario by name. Times are seconds from the start of the story, at speed 1."""

from lambdatop.demo.faults import parse_fault
from lambdatop.demo.world.function_model import Change, Phase, Scenario

_CANARY_FAILURES = {"key": 0.35, "type": 0.15, "timeout": 0.12}
_MAIL_FAILS = Change("email-sender", rate=3.0, failures={"smtp": 0.7})
_ORDERS_FAIL = Change("orders-worker", rate=1.5, failures={"conflict": 0.5})
_BAD_WEATHER = (
    "late-logs=2%",
    "twins=1%",
    "empty-pages=20%",
    "throttle=logs:FilterLogEvents@60s+60s",
    "expired-credentials@120s+60s",
    "outage@180s+40s",
)
_BAD_RECORD = Change("inventory-stream", failures={"decode": 1.0})


def _checkout(weight: float, rate: float) -> Change:
    return Change(
        "checkout-api", rate=rate, duration=4.0, failures=_CANARY_FAILURES, version="42", weights={"42": weight}
    )


STORIES: tuple[Scenario, ...] = (
    Scenario(
        "canary",
        "a canary deploy goes wrong: errors, a filling dead-letter queue, a spike into the ceiling, a rollback",
        (
            Phase(0),
            Phase(30, (_checkout(0.1, 2.0),)),
            Phase(40, (_checkout(0.5, 3.0), _MAIL_FAILS, _ORDERS_FAIL)),
            Phase(55, (_checkout(0.5, 12.0), _MAIL_FAILS, _ORDERS_FAIL, Change("auth-authorizer", rate=4.0))),
            Phase(135, (Change("checkout-api", rate=2.0),)),
        ),
        repeat_s=300,
        retry_delays_ms=(8_000, 16_000),
        known_defects=frozenset({"image-resizer"}),
    ),
    Scenario("steady", "an ordinary day"),
    Scenario(
        "spike",
        "a rush of visitors: a storm of cold starts into the account's concurrency limit",
        (
            Phase(0),
            Phase(
                25,
                (
                    Change("checkout-api", rate=30.0, duration=1.5),
                    Change("catalog-search", rate=15.0, duration=4.0),
                    Change("image-resizer", rate=20.0, duration=2.0),
                    Change("payment-webhook", rate=10.0),
                ),
            ),
            Phase(110, (Change("checkout-api", rate=3.0),)),
            Phase(150),
        ),
        repeat_s=240,
        account_limit=30,
        known_defects=frozenset({"image-resizer"}),
        has_reservations=False,
    ),
    Scenario(
        "memory-leak",
        "invocations leak until environments run out of memory; a dead-letter queue refuses what they lose",
        (
            Phase(0),
            Phase(
                15,
                (
                    Change("checkout-api", rate=1.5, memory_growth_mb=8.0),
                    Change(
                        "thumbnailer",
                        rate=4.0,
                        memory_growth_mb=5.0,
                        failures={"memory": 0.02},
                        is_failure_repeated=True,
                        is_dead_letter_queue_denied=True,
                    ),
                ),
            ),
            Phase(165),
        ),
        repeat_s=240,
        retry_delays_ms=(8_000, 16_000),
        known_defects=frozenset({"image-resizer"}),
    ),
    Scenario(
        "slow-dependency",
        "a payment service slows down until checkouts time out, as traces show; a bad record holds up a stream",
        (
            Phase(0),
            Phase(25, (Change("checkout-api", duration=4.0), _BAD_RECORD)),
            Phase(50, (Change("checkout-api", rate=1.5, duration=10.0), _BAD_RECORD)),
            Phase(80, (Change("checkout-api", rate=2.0, duration=25.0), _BAD_RECORD)),
            Phase(140, (Change("checkout-api", duration=2.0),)),
            Phase(160),
        ),
        repeat_s=240,
        known_defects=frozenset({"image-resizer"}),
    ),
    Scenario(
        "bad-weather",
        "an ordinary day, badly told: FilterLogEvents throttled, credentials expired, the network cut, then calm",
        faults=tuple(parse_fault(text) for text in _BAD_WEATHER),
    ),
    Scenario("empty", "an account with nothing in it, to load from any AWS client", is_empty=True),
)

BY_NAME: dict[str, Scenario] = {scenario.name: scenario for scenario in STORIES}
SCENARIOS: dict[str, str] = {scenario.name: scenario.description for scenario in STORIES}
"""Descriptions by name, the default first."""
