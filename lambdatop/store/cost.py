"""Dollars from billed time, memory size and architecture."""

from lambdatop.model.lambda_function import FunctionConcurrency, LambdaFunction
from lambdatop.store.price_table import (
    FREE_EPHEMERAL_STORAGE_MB,
    PROVISIONED_USD_PER_GB_SECOND,
    USD_PER_EPHEMERAL_GB_SECOND,
    USD_PER_GB_SECOND,
    USD_PER_REQUEST,
)


def cost_usd(
    function: LambdaFunction,
    concurrency: FunctionConcurrency,
    invocations: int,
    billed_duration_ms: int,
    billed_mb_ms: int,
) -> float | None:
    """What invocations cost: `GB-seconds x rate + requests`, extra ephemeral storage included.

    `billed_mb_ms` is the sum of billed duration times memory size. None where there is no billed duration (Managed
    Instances) or no known price. A function with provisioned environments is taken to run in those alone.
    """
    rates = PROVISIONED_USD_PER_GB_SECOND if concurrency.provisioned_available else USD_PER_GB_SECOND
    rate = rates.get(function.architecture)
    if function.is_managed_instances or rate is None:
        return None
    extra_storage_mb = max(0, function.ephemeral_storage_mb - FREE_EPHEMERAL_STORAGE_MB)
    return (
        billed_mb_ms * rate / 1_024_000
        + billed_duration_ms * extra_storage_mb * USD_PER_EPHEMERAL_GB_SECOND / 1_024_000
        + invocations * USD_PER_REQUEST
    )
