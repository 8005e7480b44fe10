"""The command line, one module for each group of verbs."""

from aggregator.cli.app import main

__all__ = ["main"]
