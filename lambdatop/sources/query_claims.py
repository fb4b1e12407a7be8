"""Who of several profiles that lead to the same account runs a query."""

import threading


class QueryClaims:
    """The first to ask for a task has it; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owners: dict[int, object] = {}

    def take(self, number: int, owner: object) -> bool:
        """Return whether a task is the owner's, which it becomes where nobody has it."""
        with self._lock:
            return self._owners.setdefault(number, owner) is owner

    def give_back(self, number: int) -> None:
        """Forget a task that nobody asks for any more."""
        with self._lock:
            self._owners.pop(number, None)
