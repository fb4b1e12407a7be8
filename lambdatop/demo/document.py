"""A JSON object as AWS's interfaces shape it."""

from typing import Any, TypeAlias

Document: TypeAlias = dict[str, Any]
"""Keys in AWS's own spelling; values are whatever JSON (or a service model) allows there."""
