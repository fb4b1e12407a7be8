"""Every way to AWS that fails, as a sentence and what helps (AWS-FACTS 12.3)."""

from typing import Any

import botocore.exceptions as broken
import pytest

from lambdatop.sources.failure import THROTTLE_CODES, SourceFailure, failure_of

RAISED = [
    (broken.NoCredentialsError(), "credentials", "aws configure", 3),
    (broken.PartialCredentialsError(provider="env", cred_var="x"), "credentials", "AWS_SECRET_ACCESS_KEY", 3),
    (broken.ProfileNotFound(profile="x"), "credentials", "list-profiles", 3),
    (broken.NoRegionError(), "credentials", "--region", 3),
    (broken.InvalidRegionError(region_name="x y"), "credentials", "--region", 3),
    (broken.SSOTokenLoadError(error_msg="none"), "credentials", "aws sso login --profile work", 3),
    (broken.TokenRetrievalError(provider="sso", error_msg="x"), "credentials", "aws sso login --profile work", 3),
    (broken.UnauthorizedSSOTokenError(), "credentials", "aws sso login --profile work", 3),
    (broken.CredentialRetrievalError(provider="x", error_msg="y"), "credentials", "credential_process", 3),
    (broken.MissingDependencyException(msg="crt"), "credentials", "botocore[crt]", 3),
    (broken.EndpointConnectionError(endpoint_url="http://x"), "failed", "network", 4),
    (broken.ConnectTimeoutError(endpoint_url="http://x"), "failed", "network", 4),
    (broken.ReadTimeoutError(endpoint_url="http://x"), "failed", None, 4),
    (broken.ProxyConnectionError(proxy_url="http://x"), "failed", "HTTPS_PROXY", 4),
    (broken.SSLError(endpoint_url="http://x", error="y"), "failed", "AWS_CA_BUNDLE", 4),
    (broken.ConnectionClosedError(endpoint_url="http://x"), "failed", None, 4),
]
LOGIN_ERRORS = ["LoginTokenLoadError", "LoginRefreshRequired", "LoginInsufficientPermissions", "LoginError"]


@pytest.mark.parametrize(
    ("error", "state", "remedy", "exit_code"), RAISED, ids=[type(row[0]).__name__ for row in RAISED]
)
def test_what_botocore_raises(error: Exception, state: str, remedy: str | None, exit_code: int) -> None:
    failure = failure_of(error, "logs:FilterLogEvents", "work")
    assert (failure.state, failure.exit_code) == (state, exit_code)
    assert (remedy or "") in (failure.remedy or "")
    assert (failure.remedy is None) == (remedy is None)
    assert failure.sentence.endswith(".")


@pytest.mark.parametrize("name", LOGIN_ERRORS)
def test_sessions_of_aws_login(name: str) -> None:
    failure = failure_of(type(name, (Exception,), {})(), "sts:GetCallerIdentity", "work")
    assert failure.remedy == "Run `aws login --profile work`."


def refusal(code: str, status: int = 400, message: str = "m") -> Exception:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error: Exception = broken.ClientError(answer, "Operation")
    return error


@pytest.mark.parametrize(
    ("code", "status", "state"),
    [
        ("ExpiredTokenException", 400, "credentials"),
        ("ExpiredToken", 403, "credentials"),
        ("UnrecognizedClientException", 403, "credentials"),
        ("InvalidClientTokenId", 403, "credentials"),
        ("InvalidSignatureException", 403, "credentials"),
        ("SignatureDoesNotMatch", 403, "credentials"),
        ("AccessDeniedException", 400, "denied"),
        ("AccessDenied", 403, "denied"),
        ("SomethingNew", 429, "throttled"),
        ("UnknownOperationException", 404, "absent"),
        ("404", 404, "absent"),
        ("501", 501, "absent"),
        ("InternalFailure", 500, "failed"),
        ("ResourceNotFoundException", 404, "failed"),
        ("ServiceUnavailable", 503, "failed"),
        *((code, 400, "throttled") for code in sorted(THROTTLE_CODES)),
    ],
)
def test_what_aws_answers(code: str, status: int, state: str) -> None:
    failure = failure_of(refusal(code, status), "logs:FilterLogEvents", None)
    assert (failure.state, failure.code) == (state, code)


def test_a_denial_names_the_action() -> None:
    failure = failure_of(refusal("AccessDeniedException"), "logs:FilterLogEvents", None)
    assert failure.remedy is not None
    assert failure.remedy.startswith("Allow the IAM action logs:FilterLogEvents on arn:aws:logs:*:*:log-group:")


def test_an_emulator_that_breaks_down_lacks_the_operation() -> None:
    for code in ("InternalFailure", "InternalError", "500"):
        failure = failure_of(refusal(code, 500), "xray:GetTraceSummaries", None, is_emulator=True)
        assert failure.state == "absent"


def test_a_message_of_many_lines_stays_one_sentence() -> None:
    failure = failure_of(refusal("Odd", 400, "one\ntwo\n" + "x" * 2_000), "a:B", None)
    assert "\n" not in failure.sentence
    assert len(failure.sentence) < 400


def test_a_failure_stays_what_it_is() -> None:
    failure = SourceFailure("denied", "no")
    assert failure_of(failure, "a:B", None) is failure
