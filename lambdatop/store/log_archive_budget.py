"""What a step of the archive may cost, in bytes of text searched for a literal."""

BYTES_A_SECOND = 1_600_000_000
"""Of a literal's search, roughly: what is known in seconds is reckoned by it."""


class Budget:
    """How much may be looked at in one step: bytes of text searched for a literal, and what costs as much."""

    def __init__(self, text_bytes: int) -> None:
        self._left = text_bytes

    @property
    def is_spent(self) -> bool:
        """Whether the step should end."""
        return self._left <= 0

    def spend(self, text_bytes: int) -> None:
        """Take note of what was looked at."""
        self._left -= text_bytes

    def spend_seconds(self, seconds: float) -> None:
        """Take note of what took a time."""
        self._left -= int(seconds * BYTES_A_SECOND)
