"""The status pages over HTTP: all feeds, one feed, how hosts are treated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import resources
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from aggregator.bootstrap import App
from aggregator.publish.templating import make_environment
from aggregator.services.reports.feed_reports import last_days, report_feeds
from aggregator.web.status_view import HOSTS, Setting, feed_page, hosts_page, overview

LABELS = ("items", "last_ok", "next_visit")
"""What stands beside each feed, and is looked up once."""


class StatusPages:
    """Answers requests for the status pages from the store as it is. ``?lang=en`` is English."""

    def __init__(self, current: Callable[[], App]) -> None:
        self._current = current
        self._templates = make_environment("aggregator.web")
        self._style = resources.files("aggregator.web").joinpath("assets/status.css").read_bytes()

    @property
    def _app(self) -> App:
        """The program under its present configuration."""
        return self._current()

    def list(self, request: Request) -> HTMLResponse:
        """All feeds, or those that ``?show=`` names; with ``?show=hosts`` the hosts."""
        setting = self._setting(request)
        show = request.query_params.get("show", "")
        store = self._app.desk.store
        if show == HOSTS:
            view = hosts_page(store.manners(), store.holds(setting.now), setting)
            return self._page("status_hosts.html", request, setting, {"place": "hosts", **view})
        view = overview(report_feeds(self._app.desk, setting.now), setting, show)
        labels = {name: setting.text(f"status.{name}") for name in LABELS}
        more = {"lang": setting.query(), "labels": labels, "now": setting.minute(setting.now)}
        return self._page("status.html", request, setting, {"place": "feeds", **view, **more})

    def feed(self, request: Request) -> HTMLResponse:
        """One feed; 404 for one that is not configured."""
        setting = self._setting(request)
        name = request.path_params["feed"]
        if name not in {feed.id for feed in self._app.desk.feeds}:
            raise HTTPException(404)
        (report,) = report_feeds(self._app.desk, setting.now, [name])
        view = feed_page(report, self._app.desk.store.visits(name), setting)
        return self._page("status_feed.html", request, setting, {"place": "feed", **view}, "../")

    def style(self, _: Request) -> Response:
        """The style sheet of these pages."""
        return Response(
            self._style,
            media_type="text/css; charset=utf-8",
            headers={"Cache-Control": "max-age=300"},
        )

    def _setting(self, request: Request) -> Setting:
        desk, now = self._app.desk, self._app.clock.now()
        return Setting(
            catalogue=desk.catalogue,
            language="en" if request.query_params.get("lang") == "en" else "ko",
            bodies=desk.bodies,
            now=now,
            days=last_days(now),
        )

    def _page(
        self,
        template: str,
        request: Request,
        setting: Setting,
        view: Mapping[str, object],
        root: str = "",
    ) -> HTMLResponse:
        """``root`` is the way from the page to the site's own root."""
        titles = self._app.desk.series.titles
        page = self._templates.get_template(template).render(
            t=setting.text,
            setting=setting,
            language=setting.language,
            series=titles.get(setting.language) or titles["ko"],
            root=root,
            refused=self._app.refused,
            file=self._app.config.path.name,
            switch={language: _switch(request, language) for language in ("ko", "en")},
            **view,
        )
        return HTMLResponse(page)


def _switch(request: Request, language: str) -> str:
    """The query that shows the same page in ``language``."""
    show = request.query_params.get("show")
    return "?" + urlencode({"lang": language} | ({"show": show} if show else {}))
