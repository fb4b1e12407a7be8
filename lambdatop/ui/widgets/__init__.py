"""The parts of a screen; they never import each other."""
