"""The functions of a small shop: one of each kind that Lambda knows, and a crowd of quiet ones."""

from random import Random

from lambdatop.demo.world.function_model import Failure, FunctionModel

_TIMEOUT = Failure("timeout")
_OUT_OF_MEMORY = Failure("out_of_memory", "Runtime.OutOfMemory")
_EXIT = Failure("exit", "Runtime.ExitError")
_PANIC = Failure("exit", "Runtime.ExitError", "runtime error: index out of range [3] with length 3", "resize")

SHOP: tuple[FunctionModel, ...] = (
    FunctionModel(
        "checkout-api", "python3.13", "python", ("checkout started", "cart priced", "payment authorised"), 2.5, 220,
        init_ms=620, memory_size_mb=512, memory_used_mb=140, timeout_s=6, is_traced=True, reserved=20,
        version="41", alias="live", dependencies=("DynamoDB", "payments.example.com"),
        failures={
            "key": Failure("exception", "KeyError", "'currency'", "price_cart"),
            "type": Failure("exception", "TypeError", "'NoneType' object is not iterable", "total"),
            "timeout": _TIMEOUT,
        },
    ),
    FunctionModel(
        "orders-worker", "nodejs22.x", "node-json", ("order stored", "stock reserved"), 1.0, 140, init_ms=310,
        memory_used_mb=105, source="sqs", is_json=True, source_queue="orders", dead_letter_queue="orders-dlq",
        failures={
            "conflict": Failure("exception", "ConditionalCheckFailedException", "The condition failed", "save")
        },
    ),
    FunctionModel(
        "payment-webhook", "nodejs22.x", "pino", ("webhook received", "signature verified"), 0.8, 60, init_ms=280,
        is_traced=True, dependencies=("DynamoDB",), correlates_with="auth-authorizer",
        failures={"signature": Failure("exception", "SignatureError", "timestamp outside of tolerance", "verify")},
        usual_failures={"signature": 0.004},
    ),
    FunctionModel(
        "catalog-search", "java21", "log4j2", ("query answered", "index warm"), 1.6, 45, init_ms=540,
        memory_size_mb=2048, memory_used_mb=310, is_snap_start=True, version="56", alias="live", idle_ms=90_000,
        failures={"state": Failure("exception", "java.lang.IllegalStateException", "index is being rebuilt", "search")},
        usual_failures={"state": 0.002},
    ),
    FunctionModel(
        "thumbnailer", "python3.12", "powertools", ("image decoded", "thumbnail stored"), 0.4, 900, init_ms=850,
        memory_size_mb=512, memory_used_mb=300, timeout_s=30, source="async",
        dead_letter_queue="thumbnails-dlq",
        failures={"memory": _OUT_OF_MEMORY}, usual_failures={"memory": 0.012},
    ),
    FunctionModel(
        "inventory-stream", "provided.al2023", "slog", ("batch applied",), 0.8, 180, init_ms=95, memory_size_mb=128,
        memory_used_mb=38, source="kinesis",
        failures={"decode": Failure("exception", "errorString", "cannot decode record", "apply")},
    ),
    FunctionModel(
        "nightly-report", "dotnet8", "serilog", ("report rendered",), 1 / 60, 2_400, init_ms=700, memory_size_mb=1024,
        memory_used_mb=240, timeout_s=60, source="schedule", idle_ms=30_000,
        failures={"null": Failure("exception", "System.NullReferenceException", "Object reference not set", "Render")},
    ),
    FunctionModel(
        "auth-authorizer", "nodejs22.x", "winston", ("token accepted",), 2.2, 12, init_ms=260, memory_size_mb=128,
        memory_used_mb=70, timeout_s=3, provisioned=4, version="7", alias="live", correlates_with="auth-authorizer",
    ),
    FunctionModel(
        "recommendations", "python3.13", "python-json", ("ranked",), 3.0, 800, memory_size_mb=2048, memory_used_mb=900,
        is_json=True, is_managed=True,
    ),
    FunctionModel(
        "audit-trail", "nodejs24.x", "node-json", ("entry sealed",), 0.9, 25, is_json=True, system_level="WARN",
        failures={"exit": _EXIT}, usual_failures={"exit": 0.002},
    ),
    FunctionModel(
        "email-sender", "ruby3.4", "ruby", ("mail queued", "template rendered"), 0.5, 160, init_ms=480, source="async",
        dead_letter_queue="email-dlq",
        failures={"smtp": Failure("exception", "Net::SMTPServerBusy", "454 Throttling failure", "deliver")},
    ),
    FunctionModel(
        "image-resizer", "provided.al2023", "zerolog", ("resized",), 0.6, 320, init_ms=60, memory_size_mb=1024,
        memory_used_mb=180, is_arm=True, failures={"exit": _PANIC}, usual_failures={"exit": 0.002},
    ),
    FunctionModel(
        "billing-export", "python3.11", "structlog", ("invoice exported",), 0.15, 700, timeout_s=3, is_old_style=True,
        failures={"timeout": _TIMEOUT, "exit": _EXIT}, usual_failures={"timeout": 0.03, "exit": 0.01},
    ),
    FunctionModel(
        "cart-events", "provided.al2023", "zap", ("event published",), 0.5, 30, init_ms=70, log_group="/shop/carts",
        correlates_with="auth-authorizer",
    ),
    FunctionModel(
        "cart-cleanup", "nodejs22.x", "coloured", ("carts expired",), 0.1, 240, log_group="/shop/carts",
    ),
    FunctionModel(
        "address-lookup", "python3.13", "python", ("address matched",), 0.05, 90, idle_ms=20_000,
        failures={
            "import": Failure(
                "init", "Runtime.ImportModuleError", "Unable to import module 'app': No module named 'geo'"
            )
        },
        usual_failures={"import": 0.1},
    ),
)  # fmt: skip

_AREAS = ("orders", "billing", "search", "users", "stock", "shipping", "returns", "media", "pricing", "reviews")
_JOBS = ("api", "worker", "sync", "export", "webhook", "indexer", "cleanup", "notifier", "import", "gateway")
_KINDS = (
    ("python3.13", "python", False), ("nodejs22.x", "node", False), ("python3.12", "python-json", True),
    ("nodejs22.x", "node-json", True), ("java21", "log4j2", False), ("provided.al2023", "zap", False),
)  # fmt: skip


def shop(count: int | None, seed: int) -> list[FunctionModel]:
    """The shop's own functions, filled up to `count` in all by generated ones, most of which hardly ever run."""
    random = Random(seed)
    return [*SHOP, *(_extra(index, random) for index in range((count or 0) - len(SHOP)))]


def _extra(index: int, random: Random) -> FunctionModel:
    runtime, logger, is_json = random.choice(_KINDS)
    rate = random.choice((0.0, 0.0, 0.0, 0.0, 1 / 3600, 1 / 1800, 1 / 600, 1 / 200, 1 / 120))
    return FunctionModel(
        f"{_AREAS[index % 10]}-{_JOBS[index // 10 % 10]}-{index:04d}", runtime, logger, ("done", "accepted"), rate,
        random.lognormvariate(4.5, 0.8), memory_size_mb=random.choice((128, 256, 512, 1024)), memory_used_mb=70,
        is_json=is_json, is_arm=random.random() < 0.3,
    )  # fmt: skip
