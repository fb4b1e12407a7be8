"""boto3's clients for an endpoint of our own, made once a service since loading the models takes a while."""

from functools import cache
from typing import Any, TypeAlias

import boto3
from botocore.config import Config

Client: TypeAlias = Any
"""boto3 makes its clients at run time."""
START_MS = 1_800_000_000_000


@cache
def session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def client(service: str, url: str, attempts: int = 3) -> Client:
    config = Config(inject_host_prefix=False, retries={"total_max_attempts": attempts})
    return session().client(service, endpoint_url=url, config=config)
