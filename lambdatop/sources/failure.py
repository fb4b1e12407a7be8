"""What goes wrong on the way to AWS, in a sentence, with what helps."""

from typing import NamedTuple

from lambdatop.model.source_status import SourceState
from lambdatop.sources.clock_skew import skew_words
from lambdatop.sources.permission import denial_remedy

CREDENTIALS_EXIT_CODE = 3
REFUSED_EXIT_CODE = 4

THROTTLE_CODES = frozenset(
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException", "SlowDown",
        "ProvisionedThroughputExceededException", "BandwidthLimitExceeded", "PriorRequestNotComplete",
        "TransactionInProgressException", "EC2ThrottledException",
    }
)  # fmt: skip
_DENIED_CODES = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
_EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
_INVALID_KEY_CODES = frozenset(
    {
        "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException", "SignatureDoesNotMatch",
        "IncompleteSignature", "MissingAuthenticationToken", "InvalidAccessKeyId", "NotAuthorizedException",
    }
)  # fmt: skip
_CLOCK_CODES = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed"})
SIGNED_FOR_MS = 240_000
"""AWS takes signatures that are up to five minutes old or early."""
_ABSENT_CODES = frozenset(
    {"UnknownOperationException", "InvalidAction", "NotImplemented", "501", "404", "405", "UnknownOperation"}
)
_UNFINISHED_CODES = frozenset({"InternalFailure", "InternalError", "InternalServerError", "500"})
"""What emulators answer for an operation they lack; from AWS itself it is passing trouble."""


class SourceFailure(Exception):  # noqa: N818  a failure of a source is what it is
    """A source cannot read: its state, one sentence, what helps, and the exit code where it ends the program."""

    def __init__(
        self,
        state: SourceState,
        sentence: str,
        remedy: str | None = None,
        exit_code: int = REFUSED_EXIT_CODE,
        code: str = "",
    ) -> None:
        super().__init__(sentence)
        self.state = state
        self.sentence = sentence
        self.remedy = remedy
        self.exit_code = exit_code
        self.code = code
        """AWS's own error code, or "" where there is none."""


class _Row(NamedTuple):
    state: SourceState
    sentence: str
    remedy: str | None
    exit_code: int


_BY_NAME: dict[str, _Row] = {
    "NoCredentialsError": _Row(
        "credentials",
        "No AWS credentials were found.",
        "Run `aws configure`, or pass --profile.",
        CREDENTIALS_EXIT_CODE,
    ),
    "PartialCredentialsError": _Row(
        "credentials",
        "The AWS credentials are incomplete.",
        "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        CREDENTIALS_EXIT_CODE,
    ),
    "ProfileNotFound": _Row(
        "credentials",
        "There is no such AWS profile.",
        "`aws configure list-profiles` names those there are.",
        CREDENTIALS_EXIT_CODE,
    ),
    "NoRegionError": _Row(
        "credentials", "No AWS region is set.", "Pass --region, or set AWS_REGION.", CREDENTIALS_EXIT_CODE
    ),
    "InvalidRegionError": _Row(
        "credentials", "That is no AWS region.", "Pass --region with a name like eu-west-1.", CREDENTIALS_EXIT_CODE
    ),
    **dict.fromkeys(
        ("SSOTokenLoadError", "TokenRetrievalError", "UnauthorizedSSOTokenError", "SSOError"),
        _Row("credentials", "The AWS login has expired.", "Run `aws sso login{profile}`.", CREDENTIALS_EXIT_CODE),
    ),
    **dict.fromkeys(
        ("LoginTokenLoadError", "LoginRefreshRequired", "LoginInsufficientPermissions", "LoginError"),
        _Row("credentials", "The AWS login has expired.", "Run `aws login{profile}`.", CREDENTIALS_EXIT_CODE),
    ),
    "CredentialRetrievalError": _Row(
        "credentials",
        "The command that supplies credentials failed.",
        "Check `credential_process` in ~/.aws/config.",
        CREDENTIALS_EXIT_CODE,
    ),
    "RefreshWithMFAUnsupportedError": _Row(
        "credentials",
        "The session that an MFA code opened has ended.",
        "Run `aws sts get-caller-identity{profile}`; the session it opens is used here.",
        CREDENTIALS_EXIT_CODE,
    ),
    "MissingDependencyException": _Row(
        "credentials",
        "This profile's login needs a library that is not installed.",
        "Run `pip install 'botocore[crt]'`.",
        CREDENTIALS_EXIT_CODE,
    ),
    **dict.fromkeys(
        ("EndpointConnectionError", "ConnectTimeoutError", "ConnectionError"),
        _Row("failed", "AWS cannot be reached.", "Check the network and --endpoint-url.", REFUSED_EXIT_CODE),
    ),
    **dict.fromkeys(
        ("ReadTimeoutError", "ConnectionClosedError", "HTTPClientError", "IncompleteReadError"),
        _Row("failed", "The connection to AWS broke off.", None, REFUSED_EXIT_CODE),
    ),
    "ProxyConnectionError": _Row("failed", "The proxy cannot be reached.", "Check HTTPS_PROXY.", REFUSED_EXIT_CODE),
    "SSLError": _Row(
        "failed", "The TLS certificate was not accepted.", "Set AWS_CA_BUNDLE to your authority's.", REFUSED_EXIT_CODE
    ),
    "ResponseParserError": _Row("failed", "The answer could not be read.", None, REFUSED_EXIT_CODE),
}


_ROLE_OPERATIONS = frozenset({"AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials"})
"""What botocore calls by itself to have credentials, in the middle of any other call."""
_STILL_EXPIRED = "refreshed credentials are still expired"
"""How botocore, in a RuntimeError, says that what supplies credentials gave some that have ended."""
_TRANSIENT = frozenset(
    {
        "ConnectionClosedError", "EndpointConnectionError", "HTTPClientError", "IncompleteReadError",
        "ResponseParserError", "ResponseStreamingError",
    }
)  # fmt: skip
_TRANSIENT_STATUSES = (500, 502, 503, 504)


def is_transient(error: BaseException | None) -> bool:
    """Return whether asking once more at once may help: the network or AWS stumbled, and it did not take long."""
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        return response.get("ResponseMetadata", {}).get("HTTPStatusCode") in _TRANSIENT_STATUSES
    return error is not None and type(error).__name__ in _TRANSIENT


def may_be_done(error: BaseException | None) -> bool:
    """Return whether AWS may have done what was asked: the connection broke off, and not before it stood."""
    return not isinstance(getattr(error, "response", None), dict) and type(error).__name__ != "EndpointConnectionError"


def is_about_all(failure: SourceFailure) -> bool:
    """Return whether it has nothing to do with what was asked about: the login, the way to AWS, or AWS itself."""
    cause = failure.__cause__
    response = getattr(cause, "response", None)
    if failure.state == "failed" and isinstance(response, dict):
        return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500
    return failure.state in ("credentials", "throttled") or (failure.state == "failed" and cause is not None)


def failure_of(
    error: Exception,
    action: str,
    profile: str | None = None,
    *,
    is_emulator: bool = False,
    clock_offset_ms: int = 0,
) -> SourceFailure:
    """Say what a botocore error means; `action` is the IAM action that was asked for, such as `logs:FilterLogEvents`.

    The kinds of error and when they come are those of botocore 1.44 (AWS-FACTS 12.3).
    """
    if isinstance(error, SourceFailure):
        return error
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        operation = getattr(error, "operation_name", "")
        if operation in _ROLE_OPERATIONS:
            return _of_role(_of_answer(response, operation, profile, clock_offset_ms), response)
        failure = _of_answer(response, action, profile, clock_offset_ms)
        is_missing = is_emulator and failure.state == "failed" and failure.code in _UNFINISHED_CODES
        return _absent(action, failure.code) if is_missing else failure
    option = f" --profile {profile}" if profile else ""
    if isinstance(error, RuntimeError) and _STILL_EXPIRED in str(error):
        return _expired(profile, "")
    for cls in type(error).__mro__:
        row = _BY_NAME.get(cls.__name__)
        if row is not None:
            remedy = row.remedy.replace("{profile}", option) if row.remedy else None
            return SourceFailure(row.state, row.sentence, remedy, row.exit_code, cls.__name__)
    return SourceFailure("failed", f"{action} failed: {_one_line(str(error) or type(error).__name__)}")


def _of_answer(response: dict[str, object], action: str, profile: str | None, clock_offset_ms: int) -> SourceFailure:
    error = response.get("Error")
    error = error if isinstance(error, dict) else {}
    code, message = str(error.get("Code", "")), _one_line(str(error.get("Message", "")))
    metadata = response.get("ResponseMetadata")
    status = metadata.get("HTTPStatusCode", 0) if isinstance(metadata, dict) else 0
    if code in THROTTLE_CODES or status == 429:
        return SourceFailure("throttled", f"AWS throttles {action}.", "It is asked less often now.", code=code)
    if code in _DENIED_CODES or (status == 403 and code not in _EXPIRED_CODES | _INVALID_KEY_CODES):
        return SourceFailure(
            "denied", f"AWS denies {action}.", denial_remedy(action, str(error.get("Message", ""))), code=code
        )
    if code in _EXPIRED_CODES:
        return _expired(profile, code)
    if code in _CLOCK_CODES and abs(clock_offset_ms) > SIGNED_FOR_MS:
        sentence = f"AWS refuses the signature: {skew_words(clock_offset_ms)}."
        return SourceFailure("credentials", sentence, "Set the clock: `sudo timedatectl set-ntp true`.", 3, code)
    if code in _INVALID_KEY_CODES | _CLOCK_CODES:
        remedy = "Check the keys, the region and this machine's clock."
        return SourceFailure("credentials", f"AWS does not accept the credentials ({code}).", remedy, 3, code)
    if code in _ABSENT_CODES or (status in (404, 405, 501) and not code.endswith(("NotFoundException", "NotFound"))):
        return _absent(action, code)
    return SourceFailure("failed", f"{action} failed: {code} {message}".rstrip(), code=code)


def _of_role(failure: SourceFailure, response: dict[str, object]) -> SourceFailure:
    """Return the failure to become a role, which is one of credentials where AWS refuses it."""
    if failure.state not in ("denied", "absent"):
        return failure
    error = response.get("Error")
    message = _one_line(str(error.get("Message", ""))) if isinstance(error, dict) else ""
    sentence = f"AWS refuses the role of this profile: {message or failure.code}"
    return SourceFailure("credentials", sentence, "Check the profile's role in ~/.aws/config.", 3, failure.code)


def _expired(profile: str | None, code: str) -> SourceFailure:
    option = f" --profile {profile}" if profile else ""
    remedy = f"Renew them, for example with `aws sso login{option}`."
    return SourceFailure("credentials", "The AWS credentials have expired.", remedy, CREDENTIALS_EXIT_CODE, code)


def _absent(action: str, code: str) -> SourceFailure:
    return SourceFailure("absent", f"This endpoint does not offer {action}.", code=code)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
