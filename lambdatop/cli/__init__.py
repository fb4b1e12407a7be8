"""The command line: arguments, settings, wiring and output formats."""
