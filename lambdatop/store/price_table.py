"""What Lambda costs, as published for us-east-1; other Regions may differ, most by less than a quarter.

First-tier prices without the free tier, as read in November 2026 at https://aws.amazon.com/lambda/pricing/.
"""

READ_ON = "2026-11"
REGION = "us-east-1"

USD_PER_REQUEST = 0.20 / 1_000_000
USD_PER_GB_SECOND = {"x86_64": 0.0000166667, "arm64": 0.0000133334}
"""Duration by architecture, on demand; since August 2025 the init phase is billed as duration."""
PROVISIONED_USD_PER_GB_SECOND = {"x86_64": 0.0000097222, "arm64": 0.0000077778}
"""Duration in environments with provisioned concurrency, whose keeping is billed apart."""
USD_PER_EPHEMERAL_GB_SECOND = 0.0000000309
FREE_EPHEMERAL_STORAGE_MB = 512
