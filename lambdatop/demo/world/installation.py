"""Functions, queues, mappings and saved queries as the account's interfaces show them."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.world.function_model import FunctionModel, Scenario
from lambdatop.demo.world.saved_queries import SAVED_QUERIES
from lambdatop.demo.world.time_text import strftime

DEPLOYED_MS_AGO = 3 * 86_400_000
"""When functions were changed last: before anything that they have logged."""


def install(account: EmbeddedAccount, scenario: Scenario, models: list[FunctionModel]) -> None:
    """Create everything that the models name."""
    account.functions.account_limit = scenario.account_limit
    for model in models:
        _install_queues(account, model)
        _install_function(account, model, has_reservation=scenario.has_reservations)
        _install_mappings(account, model)
    if models:
        for definition in SAVED_QUERIES:
            account.query_definitions.put(definition)


def _install_function(account: EmbeddedAccount, model: FunctionModel, *, has_reservation: bool) -> None:
    functions = account.functions
    configuration = _configuration(account, model)
    functions.put(configuration)
    if model.version != "$LATEST":
        for version in range(int(model.version), int(model.version) + 2):
            functions.put({**configuration, "Version": str(version)})
    if model.alias is not None:
        functions.put_alias(model.name, model.alias, model.version)
    if model.reserved is not None and has_reservation:
        functions.set_reserved(model.name, model.reserved)
    if model.provisioned:
        functions.set_provisioned(model.name, model.alias or model.version, model.provisioned)


def _configuration(account: EmbeddedAccount, model: FunctionModel) -> Document:
    logging: Document = {"LogFormat": "JSON" if model.is_json else "Text", "LogGroup": model.group}
    if model.is_json:
        logging |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": model.system_level}
    configuration: Document = {
        "FunctionName": model.name,
        "LastModified": strftime(account.clock.now_ms() - DEPLOYED_MS_AGO, "%Y-%m-%dT%H:%M:%S.000+0000"),
        "Runtime": model.runtime,
        "Timeout": model.timeout_s,
        "MemorySize": model.memory_size_mb,
        "Architectures": ["arm64" if model.is_arm else "x86_64"],
        "LoggingConfig": logging,
        "TracingConfig": {"Mode": "Active" if model.is_traced else "PassThrough"},
    }
    if model.is_snap_start:
        configuration["SnapStart"] = {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On"}
    if model.dead_letter_queue is not None and model.source == "async":
        configuration["DeadLetterConfig"] = {"TargetArn": account.queues.get(model.dead_letter_queue).arn}
    if model.is_managed:
        provider = f"arn:aws:lambda:{account.region}:{account.account_id}:capacity-provider:shop"
        configuration["CapacityProviderConfig"] = {
            "LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": provider}
        }
    return configuration


def _install_queues(account: EmbeddedAccount, model: FunctionModel) -> None:
    if model.dead_letter_queue is not None:
        account.queues.create(model.dead_letter_queue)
    if model.source_queue is not None:
        redrive = None if model.dead_letter_queue is None else (model.dead_letter_queue, 2)
        account.queues.create(model.source_queue, redrive=redrive)


def _install_mappings(account: EmbeddedAccount, model: FunctionModel) -> None:
    arn = account.functions.arn(model.name)
    if model.source_queue is not None:
        source = account.queues.get(model.source_queue).arn
        account.functions.put_event_source_mapping({"EventSourceArn": source, "FunctionArn": arn, "BatchSize": 10})
    if model.source == "kinesis":
        stream = f"arn:aws:kinesis:{account.region}:{account.account_id}:stream/{model.name}"
        mapping = {"EventSourceArn": stream, "FunctionArn": arn, "BatchSize": 100, "StartingPosition": "LATEST"}
        account.functions.put_event_source_mapping(mapping)
    if model.source == "async":
        account.functions.put_event_invoke_config(
            model.name, {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 21_600}
        )
