"""feeds.toml: read, judged as a whole, and turned into the records that the other rooms take."""

from __future__ import annotations

from aggregator.config.load import load_config
from aggregator.config.records import Config
from aggregator.config.schema import json_schema

__all__ = ["Config", "json_schema", "load_config"]
