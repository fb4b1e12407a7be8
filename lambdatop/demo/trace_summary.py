"""A trace's segments as GetTraceSummaries tells them."""

from lambdatop.demo.document import Document
from lambdatop.demo.trace_store import Trace


def summarize(trace: Trace, account_id: str) -> Document:
    """One TraceSummary; the root is the segment whose parent is not in the trace, the earliest of them."""
    segments = sorted(trace.segments.values(), key=lambda segment: float(segment["start_time"]))
    root = next((s for s in segments if s.get("parent_id") not in trace.segments), segments[0])
    http = root.get("http", {})
    request, response = http.get("request", {}), http.get("response", {})
    named = {
        "HttpURL": request.get("url"),
        "HttpStatus": response.get("status"),
        "HttpMethod": request.get("method"),
        "UserAgent": request.get("user_agent"),
        "ClientIp": request.get("client_ip"),
    }
    arns = dict.fromkeys(segment["resource_arn"] for segment in segments if "resource_arn" in segment)
    return {
        "Id": trace.trace_id,
        "StartTime": trace.start_seconds(),
        "Duration": trace.end_seconds() - trace.start_seconds(),
        "ResponseTime": float(root.get("end_time") or root["start_time"]) - float(root["start_time"]),
        "HasFault": bool(root.get("fault")),
        "HasError": bool(root.get("error")),
        "HasThrottle": any(bool(segment.get("throttle")) for segment in segments),
        "IsPartial": any(bool(segment.get("in_progress")) for segment in segments),
        "Http": {name: value for name, value in named.items() if value is not None},
        "Annotations": {},
        "Users": [],
        "ServiceIds": [_service(segment, account_id) for segment in segments],
        "ResourceARNs": [{"ARN": arn} for arn in arns],
        "EntryPoint": _service(root, account_id),
        "FaultRootCauses": _root_causes(segments, "fault", account_id),
        "ErrorRootCauses": _root_causes(segments, "error", account_id),
        "Revision": trace.revision,
    }


def _service(segment: Document, account_id: str) -> Document:
    name = segment["name"]
    return {"Name": name, "Names": [name], "AccountId": account_id, "Type": segment.get("origin", "client")}


def _root_causes(segments: list[Document], flag: str, account_id: str) -> list[Document]:
    """The deepest flagged segments: those with no flagged child, each with its chain of one service."""
    flagged = [segment for segment in segments if segment.get(flag)]
    parents = {segment.get("parent_id") for segment in flagged}
    return [
        {
            "ClientImpacting": True,
            "Services": [
                {
                    **_service(segment, account_id),
                    "Inferred": bool(segment.get("inferred")),
                    "EntityPath": [{"Name": segment["name"], "Remote": False, "Exceptions": _exceptions(segment)}],
                }
            ],
        }
        for segment in flagged
        if segment["id"] not in parents
    ]


def _exceptions(segment: Document) -> list[Document]:
    cause = segment.get("cause")
    exceptions = cause.get("exceptions", []) if isinstance(cause, dict) else []
    return [{"Name": e.get("type", "Error"), "Message": e.get("message", "")} for e in exceptions]
