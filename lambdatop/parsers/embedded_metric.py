"""The embedded metric format: metrics that ride in a log event (AWS-FACTS 3.3)."""

from typing import Any


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def embedded_metrics(fields: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Return one object a metric with namespace, name, value, unit and dimensions; None where there is no `_aws`.

    The unit of a metric that names none is the format's own default, the word `None`.
    """
    root = fields.get("_aws")
    if not isinstance(root, dict):
        return None
    found = [
        {
            "namespace": directive.get("Namespace"),
            "name": metric.get("Name"),
            "value": fields.get(str(metric.get("Name"))),
            "unit": metric.get("Unit") or "None",
            "dimensions": dimensions,
        }
        for directive in _dicts(root.get("CloudWatchMetrics"))
        for dimensions in (_dimensions(directive.get("Dimensions"), fields),)
        for metric in _dicts(directive.get("Metrics"))
    ]
    return found or None


def _dimensions(sets: object, fields: dict[str, Any]) -> dict[str, Any]:
    names = [name for group in sets if isinstance(group, list) for name in group] if isinstance(sets, list) else []
    return {name: fields[name] for name in names if isinstance(name, str) and name in fields}


def metric_keys(fields: dict[str, Any], metrics: list[dict[str, Any]]) -> set[str]:
    """Return the keys of `fields` that the metrics already carry."""
    keys = {"_aws"}
    for metric in metrics:
        keys.add(str(metric["name"]))
        keys.update(metric["dimensions"])
    return keys & set(fields)
