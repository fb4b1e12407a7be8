"""A Lambda function as ListFunctions describes it, without its environment variables."""

from typing import Literal

from msgspec import Struct

from lambdatop.model.identity import FunctionKey


class LambdaFunction(Struct, frozen=True, kw_only=True):
    """One function's configuration; strings that AWS may extend stay strings."""

    key: FunctionKey
    arn: str = ""
    runtime: str | None = None
    architecture: str = "x86_64"
    memory_size_mb: int | None = None
    ephemeral_storage_mb: int = 512
    timeout_s: int | None = None
    package_type: str | None = None
    log_group: str = ""
    log_format: str = "Text"
    application_log_level: str | None = None
    system_log_level: str | None = None
    dead_letter_target_arn: str | None = None
    tracing_mode: str | None = None
    has_snap_start: bool = False
    is_managed_instances: bool = False
    is_durable: bool = False
    is_tenant_isolated: bool = False
    last_modified: str | None = None
    is_listed: bool = True
    """False for a function known only by its logs."""

    @property
    def hidden_reports(self) -> str | None:
        """Why this function's invocations cannot be counted from its logs, or None when they can."""
        if self.log_format == "JSON" and self.system_log_level == "WARN":
            return "system log level WARN hides successful reports, so logs undercount invocations and cold starts"
        return None


class AccountConcurrency(Struct, frozen=True, kw_only=True):
    """GetAccountSettings: the scope's concurrency ceilings, in simultaneous invocations."""

    limit: int
    unreserved: int


class FunctionConcurrency(Struct, frozen=True, kw_only=True):
    """A function's own concurrency settings; None where it has none, `provisioned_*` summed over its aliases."""

    reserved: int | None = None
    provisioned_requested: int | None = None
    provisioned_available: int | None = None


class EventSourceMapping(Struct, frozen=True, kw_only=True):
    """ListEventSourceMappings: what feeds a function and where what fails goes."""

    uuid: str
    function: FunctionKey
    event_source_arn: str | None = None
    state: str | None = None
    on_failure_arn: str | None = None
    last_processing_result: str | None = None


class FailureDestination(Struct, frozen=True, kw_only=True):
    """An asynchronous invocation's on-failure destination."""

    function: FunctionKey
    target_arn: str


QueueRole = Literal["dead_letter_queue", "on_failure_destination", "source_redrive"]
