"""The daemon: one tick a minute does what is due, and the site is served beside it."""

from aggregator.daemon.serving import listen_on, run_daemon

__all__ = ["listen_on", "run_daemon"]
