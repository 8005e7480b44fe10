"""The template engine, set so that nothing from a feed is ever markup."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, TemplateError

from aggregator.catalogue import Catalogue, print_day, print_minute, print_weekday
from aggregator.domain.errors import RenderError
from aggregator.ports.publishing import Artefact
from aggregator.publish.addresses import relative_link, rooted_link
from aggregator.publish.joints import keep_particles
from aggregator.publish.titles import short_title
from aggregator.publish.views import Page
from aggregator.text.public_url import public_url
from aggregator.text.unseen import without_unseen
from aggregator.text.xml_chars import xml_safe

OWN = "aggregator.publish"


def _clean(value: object) -> object:
    """Drop what HTML has no place for from every text a template prints, and what nobody sees: one
    sign could turn around all that stands behind it."""
    return without_unseen(xml_safe(value)) if type(value) is str else value


def make_environment(*packages: str) -> Environment:
    """The templates below ``templates/`` of these packages (``aggregator.publish`` where none is
    named), of the first that has one of the name: they escape everything, drop what HTML has
    no place for and what nobody sees, refuse names that are not given, and have the filters
    ``public_url`` and ``short_title``."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(one, "templates") for one in packages or (OWN,)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_clean,
    )
    environment.filters["public_url"] = public_url
    environment.filters["short_title"] = short_title
    return environment


def fill(
    environment: Environment,
    template: str,
    page: Page,
    catalogue: Catalogue,
    context: Mapping[str, object],
) -> Artefact:
    """The page that ``template`` makes of ``context``, with texts in the page's language and
    links relative to it, or from the site's root where the page is shown at any depth. Raises RenderError where the template asks for what is not there."""

    def t(key: str, /, **values: object) -> str:
        return catalogue.text(key, page.language, **values)

    def weekday(day: date) -> str:
        return print_weekday(day, page.language, catalogue)

    def link(target: str) -> str:
        if page.rooted_at:
            return rooted_link(page.rooted_at, target)
        return relative_link(page.path, target)

    helpers = {"t": t, "link": link, "weekday": weekday, "day": print_day, "minute": print_minute}
    try:
        text = environment.get_template(template).render(page=page, **helpers, **context)
    except (TemplateError, LookupError) as problem:
        raise RenderError(f"{page.path}: {template} cannot be filled: {problem}") from problem
    return Artefact(path=page.path, body=keep_particles(text).encode("utf-8"))
