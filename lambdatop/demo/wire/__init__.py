"""The AWS wire protocols, from the service models that botocore ships."""
