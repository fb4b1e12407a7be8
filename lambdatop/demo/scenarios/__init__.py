"""The stories that the world can tell."""
