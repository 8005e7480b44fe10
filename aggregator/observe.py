"""Logs: one rich line for each unit of work, JSON unless a terminal reads it.

The only importer of structlog; lines of the standard logging module take the same way.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any, TextIO

from aggregator.slim import without_extras

with without_extras():
    import structlog

CHATTY = ("httpx", "httpcore", "apscheduler", "asyncio", "alembic", "uvicorn")
"""Third parties whose information lines are of no use to an operator."""


def get_logger(name: str) -> Any:  # noqa: ANN401 - structlog's loggers are dynamic
    """A logger whose methods take an event name and key-value pairs."""
    return structlog.stdlib.get_logger(name)


def configure_logging(*, level: int, stream: TextIO | None = None) -> None:
    """Send log lines of ``level`` and above to ``stream`` (standard error by default)."""
    target = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # Lines below the level cost nothing: there is one for each visit.
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    last: list[Any] = (
        [_on_one_line, structlog.dev.ConsoleRenderer(colors=False)]
        if target.isatty()
        else [structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *last,
            _harmless,
        ],
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _on_one_line(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Keep the words of others from beginning a line of their own."""
    event["event"] = str(event.get("event", "")).replace("\n", "\\n")
    return event


def _harmless(_logger: object, _method: str, text: Any) -> str:  # noqa: ANN401 - a renderer's text
    """Write characters that steer a terminal as JSON would; line breaks of tracebacks stay."""
    return "".join(
        char if char == "\n" or char.isprintable() else json.dumps(char)[1:-1] for char in str(text)
    )
