"""Which Python function serves which AWS operation."""

from collections.abc import Callable

from botocore import xform_name

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.cloudwatch_service import CloudWatchService
from lambdatop.demo.services.insights_service import InsightsService
from lambdatop.demo.services.lambda_service import LambdaService
from lambdatop.demo.services.live_tail import LiveTail
from lambdatop.demo.services.log_record_service import LogRecordService
from lambdatop.demo.services.logs_service import LogsService
from lambdatop.demo.services.query_definition_service import QueryDefinitionService
from lambdatop.demo.services.sqs_service import QueueService
from lambdatop.demo.services.sts_service import IdentityService
from lambdatop.demo.services.xray_service import TraceService


class ServiceRegistry:
    """Finds an operation's method by AWS's name for it, in snake case."""

    def __init__(self, account: EmbeddedAccount, url: str) -> None:
        self._services: dict[str, tuple[object, ...]] = {
            "sts": (IdentityService(account),),
            "lambda": (LambdaService(account),),
            "logs": (
                LogsService(account),
                InsightsService(account),
                LogRecordService(account),
                QueryDefinitionService(account),
            ),
            "cloudwatch": (CloudWatchService(account),),
            "sqs": (QueueService(account, url),),
            "xray": (TraceService(account),),
        }

    def operation(self, service: str, operation: str) -> Callable[[Document], Document | LiveTail]:
        """The function that serves an operation. Raises UnknownOperationException where the account has none."""
        name = xform_name(operation)
        for part in self._services[service]:
            found: Callable[[Document], Document | LiveTail] | None = getattr(part, name, None)
            if found is not None:
                return found
        raise ServiceError("UnknownOperationException", f"{operation} is not served by the embedded account")
