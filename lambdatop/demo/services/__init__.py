"""The operations of each service, as functions of a parsed request."""
