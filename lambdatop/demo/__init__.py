"""An AWS account in a box: a world, its scenarios and the endpoint that speaks the AWS protocols."""
