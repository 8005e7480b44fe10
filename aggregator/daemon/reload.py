"""The configuration file, read again when it changed. A bad one is refused and the old stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.bootstrap import App
from aggregator.config.load import load_config
from aggregator.config.records import Config
from aggregator.domain.errors import ConfigError
from aggregator.observe import get_logger

log = get_logger(__name__)

_AT_START = ("data_dir", "database_url", "dispatch", "listen")
"""What is settled when the program starts: another value waits for the next start."""

Stamp = tuple[int, int, int] | None


@dataclass(slots=True)
class ConfigFile:
    """The file of a running desk, as it was when it was last looked at."""

    path: Path
    stamp: Stamp
    is_asked: bool = False
    _seen: Stamp = None

    @classmethod
    def of(cls, app: App) -> ConfigFile:
        """The file that ``app`` was made of."""
        return cls(app.config.path, _stamp(app.config.path))

    def ask(self) -> None:
        """Let the next look read the file, changed or not."""
        self.is_asked = True

    def look(self, app: App) -> Config | None:
        """The changed configuration, with what is settled at the start as it is in force; None where
        the file is as it was, or is refused.

        A refused file is named with every mistake, and looked at again when it changes again. One
        that is good is given again until ``taken`` says that it is in force.
        """
        stamp = _stamp(self.path)
        if stamp == self.stamp and not self.is_asked:
            return None
        try:
            config = load_config(self.path, app.environ)
        except ConfigError as error:
            self.stamp, self.is_asked = stamp, False
            app.refused = tuple(str(problem) for problem in error.problems)
            log.error(  # noqa: TRY400 - one line
                "config_refused",
                file=str(self.path),
                problems=[*app.refused],
                says="the configuration that was in force stays",
            )
            return None
        self._seen = stamp
        return _with_fixed(config, app.config)

    def take(self, app: App, config: Config) -> App:
        """The program under a configuration that ``look`` gave: feeds are mirrored, and the file
        counts as read. Raises StoreError, and then it does not."""
        changed = app.with_config(config)
        changed.sync()
        self.stamp, self.is_asked = self._seen, False
        log.info("config_reloaded", file=str(self.path), feeds=len(config.feeds))
        return changed


def _with_fixed(config: Config, before: Config) -> Config:
    fixed = [name for name in _AT_START if getattr(config, name) != getattr(before, name)]
    if fixed:
        log.warning("config_needs_a_restart", keys=fixed)
    return replace(config, **{name: getattr(before, name) for name in _AT_START})


def _stamp(path: Path) -> Stamp:
    """What tells one state of a file from another, None where it is not there."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
