"""Functions and everything configured about them."""

import threading
import uuid
from datetime import UTC, datetime

from lambdatop.demo.clock import Clock
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError

LATEST = "$LATEST"


class FunctionStore:
    """The account's functions; safe to use from any thread. Documents have the shapes of the Lambda API."""

    def __init__(self, clock: Clock, account_id: str, region: str) -> None:
        self._clock = clock
        self._account_id = account_id
        self._region = region
        self._lock = threading.RLock()
        self._functions: dict[str, dict[str, Document]] = {}
        self._aliases: dict[str, dict[str, Document]] = {}
        self._reserved: dict[str, int] = {}
        self._provisioned: dict[str, dict[str, Document]] = {}
        self._event_invoke_configs: dict[str, dict[str, Document]] = {}
        self._event_source_mappings: dict[str, Document] = {}
        self.account_limit = 1_000
        """Concurrent executions of the account in this region."""

    def arn(self, name: str, qualifier: str | None = None) -> str:
        """The ARN of a function, or of one of its versions or aliases."""
        arn = f"arn:aws:lambda:{self._region}:{self._account_id}:function:{name}"
        return arn if qualifier in {None, LATEST} else f"{arn}:{qualifier}"

    def put(self, configuration: Document) -> Document:
        """Add or replace a function version by a document in ListFunctions' shape; gaps get AWS's defaults."""
        name = str(configuration["FunctionName"])
        version = str(configuration.get("Version", LATEST))
        with self._lock:
            whole = {**self._defaults(name, version), **configuration}
            whole["LoggingConfig"] = {
                "LogFormat": "Text",
                "LogGroup": f"/aws/lambda/{name}",
                **configuration.get("LoggingConfig", {}),
            }
            versions = self._functions.setdefault(name, {})
            if version != LATEST and LATEST not in versions:
                versions[LATEST] = {**whole, "Version": LATEST, "FunctionArn": self.arn(name)}
            versions[version] = whole
            return dict(whole)

    def delete(self, name: str) -> None:
        """Remove a function with all that hangs on it. Raises ResourceNotFoundException."""
        with self._lock:
            self.get(name)
            del self._functions[name]
            for table in (self._aliases, self._provisioned, self._event_invoke_configs):
                table.pop(name, None)
            self._reserved.pop(name, None)

    def names(self) -> list[str]:
        """Every function's name, sorted."""
        with self._lock:
            return sorted(self._functions)

    def get(self, name: str, qualifier: str = LATEST) -> Document:
        """One version's configuration, by version or alias. Raises ResourceNotFoundException."""
        with self._lock:
            alias = self._aliases.get(name, {}).get(qualifier)
            version = alias["FunctionVersion"] if alias else qualifier
            found = self._functions.get(name, {}).get(version)
            if found is None:
                raise _not_found(f"Function not found: {self.arn(name, qualifier)}")
            return dict(found)

    def versions(self, name: str) -> list[Document]:
        """Every version of a function, $LATEST first, then by number. Raises ResourceNotFoundException."""
        with self._lock:
            self.get(name)
            versions = self._functions[name]
            return [dict(versions[v]) for v in sorted(versions, key=lambda v: -1 if v == LATEST else int(v))]

    def put_alias(
        self, name: str, alias: str, version: str, additional_version_weights: dict[str, float] | None = None
    ) -> Document:
        """Point an alias at a version, sending the given shares of its traffic to others."""
        with self._lock:
            document: Document = {
                "AliasArn": self.arn(name, alias),
                "Name": alias,
                "FunctionVersion": version,
                "Description": "",
                "RevisionId": str(uuid.uuid4()),
            }
            if additional_version_weights:
                document["RoutingConfig"] = {"AdditionalVersionWeights": dict(additional_version_weights)}
            self._aliases.setdefault(name, {})[alias] = document
            return document

    def aliases(self, name: str) -> list[Document]:
        """A function's aliases by name."""
        with self._lock:
            aliases = self._aliases.get(name, {})
            return [aliases[alias] for alias in sorted(aliases)]

    def set_reserved(self, name: str, concurrency: int | None) -> None:
        """Set a function's reserved concurrency (0 switches it off), or remove it by None."""
        with self._lock:
            if concurrency is None:
                self._reserved.pop(name, None)
            else:
                self._reserved[name] = concurrency

    def reserved(self, name: str) -> int | None:
        """A function's reserved concurrency."""
        with self._lock:
            return self._reserved.get(name)

    def unreserved(self) -> int:
        """What the account's limit leaves to functions without a reservation."""
        with self._lock:
            return self.account_limit - sum(self._reserved.values())

    def set_provisioned(
        self, name: str, qualifier: str, requested: int, available: int | None = None, status: str = "READY"
    ) -> None:
        """Set provisioned concurrency on a version or alias."""
        ready = requested if available is None else available
        with self._lock:
            self._provisioned.setdefault(name, {})[qualifier] = {
                "FunctionArn": self.arn(name, qualifier),
                "RequestedProvisionedConcurrentExecutions": requested,
                "AvailableProvisionedConcurrentExecutions": ready,
                "AllocatedProvisionedConcurrentExecutions": ready,
                "Status": status,
                "LastModified": _iso(self._clock.now_ms()),
            }

    def provisioned(self, name: str) -> dict[str, Document]:
        """A function's provisioned concurrency by qualifier."""
        with self._lock:
            return dict(self._provisioned.get(name, {}))

    def put_event_source_mapping(self, mapping: Document) -> Document:
        """Add or replace (by UUID) an event source mapping in ListEventSourceMappings' shape."""
        with self._lock:
            whole: Document = {
                "UUID": str(uuid.uuid4()),
                "BatchSize": 10,
                "State": "Enabled",
                "StateTransitionReason": "USER_INITIATED",
                "LastProcessingResult": "OK",
                "LastModified": self._clock.now_ms() / 1000,
                **mapping,
            }
            whole["EventSourceMappingArn"] = (
                f"arn:aws:lambda:{self._region}:{self._account_id}:event-source-mapping:{whole['UUID']}"
            )
            self._event_source_mappings[whole["UUID"]] = whole
            return dict(whole)

    def event_source_mappings(self) -> list[Document]:
        """Every event source mapping, oldest first."""
        with self._lock:
            return list(self._event_source_mappings.values())

    def put_event_invoke_config(self, name: str, config: Document, qualifier: str = LATEST) -> Document:
        """Set a function's asynchronous invocation settings, in PutFunctionEventInvokeConfig's shape."""
        with self._lock:
            document: Document = {
                "FunctionArn": f"{self.arn(name)}:{qualifier}",
                "LastModified": self._clock.now_ms() / 1000,
                **config,
            }
            self._event_invoke_configs.setdefault(name, {})[qualifier] = document
            return document

    def event_invoke_configs(self, name: str) -> list[Document]:
        """A function's asynchronous invocation settings, one a qualifier."""
        with self._lock:
            return list(self._event_invoke_configs.get(name, {}).values())

    def _defaults(self, name: str, version: str) -> Document:
        return {
            "FunctionName": name,
            "FunctionArn": f"{self.arn(name)}:{version}" if version != LATEST else self.arn(name),
            "Runtime": "python3.13",
            "Role": f"arn:aws:iam::{self._account_id}:role/{name}",
            "Handler": "app.handler",
            "CodeSize": 1024,
            "Description": "",
            "Timeout": 3,
            "MemorySize": 128,
            "LastModified": _iso(self._clock.now_ms()),
            "CodeSha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "Version": version,
            "TracingConfig": {"Mode": "PassThrough"},
            "RevisionId": str(uuid.uuid4()),
            "PackageType": "Zip",
            "Architectures": ["x86_64"],
            "EphemeralStorage": {"Size": 512},
            "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        }


def _iso(epoch_ms: int) -> str:
    moment = datetime.fromtimestamp(epoch_ms / 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}+0000"


def _not_found(message: str) -> ServiceError:
    return ServiceError("ResourceNotFoundException", message, Type="User")
