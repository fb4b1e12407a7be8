"""AWS Security Token Service: who is calling."""

from lambdatop.demo.account import EmbeddedAccount
from lambdatop.demo.document import Document


class IdentityService:
    """Answers that the caller is the account's one user."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._account = account

    def get_caller_identity(self, _request: Document) -> Document:
        """GetCallerIdentity."""
        account_id = self._account.account_id
        return {"UserId": "AIDALAMBDATOPDEMO000", "Account": account_id, "Arn": f"arn:aws:iam::{account_id}:user/demo"}
