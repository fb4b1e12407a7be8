"""What stands behind a session's credentials: when they end for good, and which profile a new login is for.

botocore 1.44 renews by itself whatever it can, so the time that credentials expire at is seldom the end of anything.
It renews roles, credential processes, instance and container roles, `aws login`, and SSO with a refresh token; when
those come to an end is known to nobody here.
"""

from typing import Any

_RENEWABLE = frozenset({"refreshToken", "clientId", "clientSecret", "registrationExpiresAt"})
"""What a cached SSO token must hold to be renewed by botocore."""


def login_ends_at_ms(session: Any) -> int | None:  # noqa: ANN401  botocore has no types
    """Return when calls begin to fail unless somebody logs in, epoch ms; None where that is not known, or never.

    Known of three: credentials of the environment, which a running program never sees change; a role that asks for
    an MFA code; and a role of SSO, once its token ends too soon to renew it. The latter two are not used any more
    in their last minutes, when botocore insists on renewing them. Loads and asks nothing that was not asked for.
    """
    credentials = getattr(session, "_credentials", None)
    expiry = getattr(credentials, "_expiry_time", None)
    if credentials is None or expiry is None:
        return None
    expires_at_ms: int = round(expiry.timestamp() * 1000)
    if credentials.method == "env":
        return expires_at_ms
    renewed_by_ms: int = expires_at_ms - credentials._mandatory_refresh_timeout * 1000  # noqa: SLF001  told nowhere else
    if credentials.method == "assume-role":
        return renewed_by_ms if "mfa_serial" in _profile(session, session.profile) else None
    if credentials.method == "sso":
        token_ends_at_ms = _sso_token_ends_at_ms(session)
        return renewed_by_ms if token_ends_at_ms is not None and token_ends_at_ms <= renewed_by_ms else None
    return None


def login_profile(session: Any) -> str | None:  # noqa: ANN401  botocore has no types
    """Return the profile that a login must name: the one at the start of a chain of roles, None for the default one.

    A role that asks for an MFA code is logged in to itself.
    """
    seen: set[str | None] = set()
    name: str | None = session.profile
    while name not in seen:
        seen.add(name)
        profile = _profile(session, name)
        name = name if "mfa_serial" in profile else profile.get("source_profile", name)
    return None if name == "default" else name


def _profile(session: Any, name: str | None) -> dict[str, str]:  # noqa: ANN401  botocore has no types
    profiles: dict[str, dict[str, str]] = session.full_config.get("profiles", {})
    return profiles.get(name or "default", {})


def _sso_token_ends_at_ms(session: Any) -> int | None:  # noqa: ANN401  botocore has no types
    """Return when the cached token ends, 0 without one, None for one that botocore renews."""
    from botocore.exceptions import SSOTokenLoadError
    from botocore.utils import SSOTokenLoader, parse_timestamp

    provider = session.get_component("credential_provider").get_provider("sso")
    config = provider._load_sso_config() or {}  # noqa: SLF001  what botocore itself reads the token by
    load = SSOTokenLoader(cache=provider._token_cache)  # noqa: SLF001
    try:
        token = load(config.get("sso_start_url", ""), session_name=config.get("sso_session"))
    except (SSOTokenLoadError, KeyError):
        return 0
    ends_at = parse_timestamp(token["expiresAt"])
    is_renewable = "sso_session" in config and token.keys() >= _RENEWABLE
    if is_renewable and parse_timestamp(token["registrationExpiresAt"]) > ends_at:
        return None
    ends_at_ms: int = round(ends_at.timestamp() * 1000)
    return ends_at_ms
