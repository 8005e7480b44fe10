"""Settings that are sound each by itself and do not work together: servers, tokens, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aggregator.config.records import Config
from aggregator.doctor.finding import Finding, fault, fine, warn
from aggregator.text.secrets import masked

SHORTEST_TOKEN = 16


def look_at_settings(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Who is told, by which servers, and which variables of the environment are missing. Values of
    variables are in no finding."""
    yield from _mail(config, environ)
    notify = config.notify
    if notify.webhook and not environ.get("AGG_WEBHOOK_TOKEN"):
        says = "it is asked without a token"
        remedy = "set AGG_WEBHOOK_TOKEN, if it wants one"
        yield warn("webhook", masked(notify.webhook), says, remedy)
    elif notify.webhook:
        yield fine("webhook", masked(notify.webhook), "with a token")
    hub = config.publish.hub
    if hub and not hub.startswith("https://"):
        says = "the hub is told over http, where anybody on the way can read and change it"
        yield warn("hub", masked(hub), says, "use its https address")
    elif hub:
        yield fine("hub", masked(hub), "over https")
    for name in sorted({feed.key_env for feed in config.feeds if feed.active and feed.key_env}):
        if environ.get(name):
            yield fine("keys", name, "it is set")
        else:
            yield fault("keys", name, "a feed's key is not set", f"set {name} for the daemon")
    yield _metrics(environ.get("AGG_METRICS_TOKEN", ""))


def _mail(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    own = config.series.mail.smtp
    servers = {"SMTP": config.notify.smtp} | ({"MAIL": own} if own else {})
    for name, server in servers.items():
        if not server:
            continue
        user, password = (bool(environ.get(f"AGG_{name}_{one}")) for one in ("USER", "PASSWORD"))
        if user != password:
            missing = f"AGG_{name}_{'PASSWORD' if user else 'USER'}"
            says = "a user without a password, or the other way round"
            yield fault("smtp", masked(server), says, f"set {missing}, or unset the other")
        else:
            says = "with a user and a password" if user else "without a login"
            yield fine("smtp", masked(server), says)
    if not (config.notify.to or config.notify.webhook):
        says, remedy = "nobody is told when a feed becomes ill", "fill in [notify]"
        yield warn("notify", str(config.path), says, remedy)


def _metrics(token: str) -> Finding:
    where = "AGG_METRICS_TOKEN"
    if not token:
        return fine("metrics", where, "not set: this machine alone may read /metrics")
    if len(token) < SHORTEST_TOKEN:
        says = f"it has fewer than {SHORTEST_TOKEN} characters, and lets nobody in"
        return fault("metrics", where, says, "choose a longer one, such as `openssl rand -hex 24`")
    return fine("metrics", where, "it is set")
