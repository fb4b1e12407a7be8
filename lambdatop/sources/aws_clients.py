"""The botocore session and clients of one profile and region, built once and rebuilt after a new login."""

import os
import threading
from typing import Any

from lambdatop.sources.failure import SourceFailure, failure_of

SERVICES = ("sts", "lambda", "logs", "cloudwatch", "sqs", "xray")


class AwsClients:
    """All clients behind one lock, since sessions are not thread-safe while clients are (AWS-FACTS 12.5)."""

    def __init__(self, profile: str | None, region: str | None, endpoint_url: str | None) -> None:
        self.profile = profile
        self.region = region or os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION")
        self.endpoint_url = endpoint_url
        self.is_custom_endpoint = False
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def connect(self) -> None:
        """Build the session and all clients; raises SourceFailure."""
        try:
            self._build()
        except SourceFailure:
            raise
        except Exception as error:
            raise failure_of(error, "sts:GetCallerIdentity", self.profile) from error

    def client(self, service: str) -> Any:  # noqa: ANN401  botocore has no types
        """Return a service's client."""
        return self._clients[service]

    def _build(self) -> None:
        import botocore.config
        import botocore.session

        from lambdatop import __version__
        from lambdatop.sources.fast_decode import FastParserFactory

        with self._lock:
            session = botocore.session.Session(profile=self.profile)
            session.register_component("response_parser_factory", FastParserFactory())
            region = self.region or session.get_config_variable("region")
            if not region:
                raise SourceFailure(
                    "credentials", "No AWS region is set.", "Pass --region, or set AWS_REGION.", exit_code=3
                )
            self.region = region
            config = botocore.config.Config(
                connect_timeout=5,
                read_timeout=20,
                max_pool_connections=16,
                retries={"mode": "standard", "total_max_attempts": 2},
                user_agent_extra=f"lambdatop/{__version__}",
                inject_host_prefix=not self.endpoint_url,
            )
            clients = {
                service: session.create_client(
                    service, region_name=region, endpoint_url=self.endpoint_url, config=config
                )
                for service in SERVICES
            }
            self.is_custom_endpoint = not str(clients["logs"].meta.endpoint_url).endswith(
                (".amazonaws.com", ".amazonaws.com.cn")
            )
            self._clients = clients
