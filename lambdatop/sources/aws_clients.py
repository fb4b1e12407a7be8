"""The botocore session and clients of one profile and region, built once and rebuilt after a new login."""

import os
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lambdatop.sources.failure import CREDENTIALS_EXIT_CODE, SourceFailure, failure_of
from lambdatop.sources.login import login_ends_at_ms, login_profile

SERVICES = ("sts", "lambda", "logs", "cloudwatch", "sqs", "xray")
CLI_CACHE = "~/.aws/cli/cache"
AWS_DOMAINS = (
    ".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn", ".amazonaws.eu",
    ".c2s.ic.gov", ".sc2s.sgov.gov", ".adc-e.uk", ".csp.hci.ic.gov",
)  # fmt: skip
"""Where AWS itself answers, in all partitions and by VPC endpoints."""

_building = threading.Lock()
_shared: dict[str, Any] = {}


class AwsClients:
    """All clients of a profile and region, built under one lock, since sessions are not thread-safe (AWS-FACTS 12.5).

    All accounts share one loader of service models, which costs more than all else in a client.
    """

    def __init__(self, profile: str | None, region: str | None, endpoint_url: str | None) -> None:
        self.profile = profile
        self.region = region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        self.endpoint_url = endpoint_url
        self.is_custom_endpoint = False
        self.login_profile = profile
        """The profile that a login must name: the one whose credentials start a chain of roles."""
        self._session: Any = None
        self._clients: dict[str, Any] = {}

    def connect(self) -> None:
        """Build the session and all clients; raises SourceFailure."""
        try:
            with _building:
                self._build()
        except Exception as error:
            raise failure_of(error, "sts:GetCallerIdentity", self.login_profile) from error

    def client(self, service: str) -> Any:  # noqa: ANN401  botocore has no types
        """Return a service's client."""
        return self._clients[service]

    @property
    def expires_at_ms(self) -> int | None:
        """When temporary credentials end, where botocore knows; it renews those that it can. Loads nothing itself."""
        credentials = getattr(self._session, "_credentials", None)
        moment = getattr(credentials, "_expiry_time", None)
        return None if moment is None else round(moment.timestamp() * 1000)

    @property
    def login_ends_at_ms(self) -> int | None:
        """When calls begin to fail unless somebody logs in; None where nobody knows, or never."""
        return login_ends_at_ms(self._session)

    @property
    def are_of_environment(self) -> bool:
        """Whether the credentials are environment variables, which do not change while a program runs."""
        return getattr(getattr(self._session, "_credentials", None), "method", None) == "env"

    def _build(self) -> None:
        import botocore.config
        import botocore.session

        from lambdatop import __version__
        from lambdatop.sources.fast_decode import FastParserFactory

        session = botocore.session.Session(profile=self.profile)
        _shared.setdefault("loader", session.get_component("data_loader"))
        session.register_component("data_loader", _shared["loader"])
        session.register_component("response_parser_factory", FastParserFactory())
        self.login_profile = login_profile(session)
        region = self.region or session.get_config_variable("region")
        if not region:
            raise SourceFailure(
                "credentials", "No AWS region is set.", "Pass --region, or set AWS_REGION.", CREDENTIALS_EXIT_CODE
            )
        session.set_config_variable("region", region)  # where botocore calls STS by itself, for a profile without one
        self._never_ask_the_terminal(session)
        config = botocore.config.Config(
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=16,
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra=f"lambdatop/{__version__}",
        )
        clients = {
            service: session.create_client(service, region_name=region, endpoint_url=self.endpoint_url, config=config)
            for service in SERVICES
        }
        self.is_custom_endpoint = not is_aws(str(clients["logs"].meta.endpoint_url))
        for client in clients.values():
            if not is_aws(str(client.meta.endpoint_url)):
                client.meta.config.inject_host_prefix = False
        self.region, self._session, self._clients = region, session, clients

    def _never_ask_the_terminal(self, session: Any) -> None:  # noqa: ANN401  botocore has no types
        """Refuse botocore's prompt for an MFA code, which would write over the screen; use the AWS CLI's sessions."""
        from botocore.credentials import JSONFileCache

        option = f" --profile {self.profile}" if self.profile else ""

        def refuse(_prompt: str) -> str:
            raise SourceFailure(
                "credentials",
                "This profile asks for an MFA code.",
                f"Run `aws sts get-caller-identity{option}`; the session it opens is used here.",
                CREDENTIALS_EXIT_CODE,
            )

        provider = session.get_component("credential_provider").get_provider("assume-role")
        provider.cache = JSONFileCache(str(Path(CLI_CACHE).expanduser()))
        provider._prompter = refuse  # noqa: SLF001  the only way in; the AWS CLI itself sets the provider's cache


def is_aws(url: str) -> bool:
    """Return whether an endpoint is AWS itself.

    >>> is_aws("https://logs.eu-west-1.amazonaws.com"), is_aws("http://127.0.0.1:4566")
    (True, False)
    """
    return (urlsplit(url).hostname or "").endswith(AWS_DOMAINS)
