"""What an operation raises so that the wire answers with an AWS error."""


class ServiceError(Exception):
    """An error of the service itself: its code, a sentence, and the further members of its shape."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.members = members
