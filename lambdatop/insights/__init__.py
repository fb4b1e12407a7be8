"""The CloudWatch Logs Insights query language: read, explained, completed, and run on this machine with DuckDB."""
