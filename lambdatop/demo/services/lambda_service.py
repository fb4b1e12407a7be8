"""AWS Lambda's control plane: functions and what is configured about them."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none

_STATE = {"State": "Active", "LastUpdateStatus": "Successful"}
_INVALID = "InvalidParameterValueException"


class LambdaService:
    """Serves the operations; functions are named by name, partial ARN or ARN."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._functions = account.functions

    def list_functions(self, request: Document) -> Document:
        """ListFunctions: 50 a page, whatever MaxItems asks."""
        names = self._functions.names()
        if request.get("FunctionVersion") == "ALL":
            every = [version for name in names for version in self._functions.versions(name)]
        else:
            every = [self._functions.get(name) for name in names]
        functions, marker = page(every, request.get("Marker"), min(50, request.get("MaxItems", 50)), _INVALID)
        return without_none(Functions=functions, NextMarker=marker)

    def get_function_configuration(self, request: Document) -> Document:
        """GetFunctionConfiguration: the configuration with its state."""
        name, qualifier = _name(request)
        return {**self._functions.get(name, qualifier), **_STATE}

    def get_function(self, request: Document) -> Document:
        """GetFunction: configuration and reserved concurrency."""
        name, _ = _name(request)
        concurrency = self.get_function_concurrency(request)
        answer: Document = {"Configuration": self.get_function_configuration(request), "Tags": {}}
        return {**answer, "Concurrency": concurrency} if self._functions.reserved(name) is not None else answer

    def get_account_settings(self, _request: Document) -> Document:
        """GetAccountSettings: limits and usage."""
        limit = {
            "TotalCodeSize": 80_530_636_800,
            "CodeSizeUnzipped": 262_144_000,
            "CodeSizeZipped": 52_428_800,
            "ConcurrentExecutions": self._functions.account_limit,
            "UnreservedConcurrentExecutions": self._functions.unreserved(),
        }
        count = len(self._functions.names())
        return {"AccountLimit": limit, "AccountUsage": {"TotalCodeSize": 1024 * count, "FunctionCount": count}}

    def get_function_concurrency(self, request: Document) -> Document:
        """GetFunctionConcurrency: empty without a reservation."""
        name = self._existing(request)
        return without_none(ReservedConcurrentExecutions=self._functions.reserved(name))

    def put_function_concurrency(self, request: Document) -> Document:
        """PutFunctionConcurrency."""
        self._functions.set_reserved(self._existing(request), request["ReservedConcurrentExecutions"])
        return {"ReservedConcurrentExecutions": request["ReservedConcurrentExecutions"]}

    def list_provisioned_concurrency_configs(self, request: Document) -> Document:
        """ListProvisionedConcurrencyConfigs: 50 a page."""
        configs = list(self._functions.provisioned(self._existing(request)).values())
        found, marker = page(configs, request.get("Marker"), min(50, request.get("MaxItems", 50)), _INVALID)
        return without_none(ProvisionedConcurrencyConfigs=found, NextMarker=marker)

    def get_provisioned_concurrency_config(self, request: Document) -> Document:
        """GetProvisionedConcurrencyConfig of one version or alias."""
        config = self._functions.provisioned(self._existing(request)).get(request["Qualifier"])
        if config is None:
            code = "ProvisionedConcurrencyConfigNotFoundException"
            raise ServiceError(code, "No Provisioned Concurrency Config found for this function", Type="User")
        return {key: value for key, value in config.items() if key != "FunctionArn"}

    def list_event_source_mappings(self, request: Document) -> Document:
        """ListEventSourceMappings: 100 a page, of all functions or one."""
        mappings = self._functions.event_source_mappings()
        if "FunctionName" in request:
            arn = self._functions.arn(_name(request)[0])
            mappings = [mapping for mapping in mappings if mapping.get("FunctionArn", "").startswith(arn)]
        found, marker = page(mappings, request.get("Marker"), min(100, request.get("MaxItems", 100)), _INVALID)
        return without_none(EventSourceMappings=found, NextMarker=marker)

    def list_function_event_invoke_configs(self, request: Document) -> Document:
        """ListFunctionEventInvokeConfigs."""
        configs = self._functions.event_invoke_configs(self._existing(request))
        found, marker = page(configs, request.get("Marker"), min(50, request.get("MaxItems", 50)), _INVALID)
        return without_none(FunctionEventInvokeConfigs=found, NextMarker=marker)

    def list_aliases(self, request: Document) -> Document:
        """ListAliases."""
        aliases = self._functions.aliases(self._existing(request))
        found, marker = page(aliases, request.get("Marker"), request.get("MaxItems", 10_000), _INVALID)
        return without_none(Aliases=found, NextMarker=marker)

    def list_versions_by_function(self, request: Document) -> Document:
        """ListVersionsByFunction: 50 a page."""
        versions = self._functions.versions(_name(request)[0])
        found, marker = page(versions, request.get("Marker"), min(50, request.get("MaxItems", 50)), _INVALID)
        return without_none(Versions=found, NextMarker=marker)

    def create_function(self, request: Document) -> Document:
        """CreateFunction: the code is not kept, and nothing ever runs it."""
        name, _ = _name(request)
        if name in self._functions.names():
            raise ServiceError("ResourceConflictException", f"Function already exist: {name}", Type="User")
        kept = {key: value for key, value in request.items() if key not in {"Code", "Publish", "Tags", "Environment"}}
        return {**self._functions.put({**kept, "FunctionName": name}), **_STATE}

    def update_function_configuration(self, request: Document) -> Document:
        """UpdateFunctionConfiguration."""
        name, _ = _name(request)
        changes = {key: value for key, value in request.items() if key not in {"FunctionName", "Environment"}}
        return {**self._functions.put({**self._functions.get(name), **changes}), **_STATE}

    def delete_function(self, request: Document) -> Document:
        """DeleteFunction."""
        self._functions.delete(_name(request)[0])
        return {}

    def create_event_source_mapping(self, request: Document) -> Document:
        """CreateEventSourceMapping: recorded, never polled."""
        name = self._existing(request)
        kept = {key: value for key, value in request.items() if key not in {"FunctionName", "Enabled", "Tags"}}
        return self._functions.put_event_source_mapping({**kept, "FunctionArn": self._functions.arn(name)})

    def put_function_event_invoke_config(self, request: Document) -> Document:
        """PutFunctionEventInvokeConfig."""
        config = {key: value for key, value in request.items() if key not in {"FunctionName", "Qualifier"}}
        qualifier = request.get("Qualifier", "$LATEST")
        return self._functions.put_event_invoke_config(self._existing(request), config, qualifier)

    def _existing(self, request: Document) -> str:
        name, _ = _name(request)
        self._functions.get(name)
        return name


def _name(request: Document) -> tuple[str, str]:
    """(name, qualifier) from a name, `name:qualifier`, partial ARN or ARN."""
    _, separator, rest = str(request["FunctionName"]).rpartition("function:")
    name, _, qualifier = (rest if separator else str(request["FunctionName"])).partition(":")
    return name, request.get("Qualifier") or qualifier or "$LATEST"
