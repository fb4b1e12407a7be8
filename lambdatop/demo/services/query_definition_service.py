"""Saved queries, as CloudWatch Logs serves them."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document
from lambdatop.demo.service_error import ServiceError
from lambdatop.demo.services.paging import page, without_none

_INVALID = "InvalidParameterException"
MAX_RESULTS = 1_000


class QueryDefinitionService:
    """Serves DescribeQueryDefinitions, PutQueryDefinition and DeleteQueryDefinition."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._definitions = account.query_definitions

    def describe_query_definitions(self, request: Document) -> Document:
        """DescribeQueryDefinitions: by name, up to a thousand a page."""
        found = self._definitions.named(request.get("queryDefinitionNamePrefix", ""))
        size = request.get("maxResults", MAX_RESULTS)
        if not 0 < size <= MAX_RESULTS:
            raise ServiceError(_INVALID, f"maxResults must be between 1 and {MAX_RESULTS}")
        definitions, token = page(found, request.get("nextToken"), size, _INVALID)
        return without_none(queryDefinitions=definitions, nextToken=token)

    def put_query_definition(self, request: Document) -> Document:
        """PutQueryDefinition."""
        return {"queryDefinitionId": self._definitions.put(request)}

    def delete_query_definition(self, request: Document) -> Document:
        """DeleteQueryDefinition."""
        if not self._definitions.delete(request["queryDefinitionId"]):
            raise ServiceError("ResourceNotFoundException", "The specified query definition does not exist.")
        return {"success": True}
