"""The mail as HTML: tables for the frame, styles in the elements, dark mode in the head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import SimpleNamespace

from jinja2 import Environment, TemplateError

from aggregator.catalogue import Catalogue, print_day
from aggregator.domain.errors import RenderError
from aggregator.publish.joints import MAIL_JOINT, keep_particles
from aggregator.publish.mail.sheet import Sheet
from aggregator.publish.mail.wrapping import fold
from aggregator.publish.templating import make_environment

_KEPT = ' data-css-inline="ignore"'


@cache
def make_mail_environment() -> Environment:
    """The templates of the mail, which have the filter ``fold``."""
    environment = make_environment("aggregator.publish.mail")
    environment.filters["fold"] = fold
    return environment


@cache
def inliner() -> Callable[[str], str]:
    """What moves the styles of ``inline.css`` into the elements; nothing is loaded from anywhere."""
    # It takes a while to load, and a site without an issue needs none.
    from css_inline import CSSInliner  # noqa: PLC0415

    folder = resources.files("aggregator.publish.mail").joinpath("templates")
    return CSSInliner(
        inline_style_tags=False,
        keep_style_tags=True,
        load_remote_stylesheets=False,
        extra_css=folder.joinpath("inline.css").read_text(encoding="utf-8"),
    ).inline


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlPart:
    """Makes HTML of sheets."""

    catalogue: Catalogue
    environment: Environment = field(default_factory=make_mail_environment)

    def render(self, sheet: Sheet) -> str:
        """The mail of ``sheet``. Raises RenderError where the template asks for what is not there,
        or the styles cannot be put into its elements."""

        def t(key: str, /, **values: object) -> str:
            return self.catalogue.text(key, sheet.language, **values)

        page = SimpleNamespace(language=sheet.language)
        where = f"the mail of {sheet.heading} in {sheet.language}"
        try:
            template = self.environment.get_template("mail.html")
            text = template.render(sheet=sheet, page=page, t=t, day=print_day)
            inlined = inliner()(text)
        except (TemplateError, LookupError, ValueError) as problem:
            raise RenderError(f"{where} cannot be made: {problem}") from problem
        # The mark that kept dark mode in the head has done its work.
        return keep_particles(inlined.replace(_KEPT, "", 1), MAIL_JOINT) + "\n"
