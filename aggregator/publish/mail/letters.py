"""Letters of published issues, for whoever sends them (the port ``LetterMaker``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.catalogue import Catalogue
from aggregator.domain.errors import NotFound, RenderError
from aggregator.domain.issues import Edition, Series
from aggregator.domain.mailing import Letter, MailSize
from aggregator.domain.publishing import PrintedIssue, PublishOptions
from aggregator.ports.publishing import Pictures
from aggregator.publish.layout import Layout
from aggregator.publish.mail.maker import MadeMail, make_mail
from aggregator.publish.mail.sheet import Cast


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLetters:
    """Makes the same mails as the site shows."""

    series: Series
    options: PublishOptions
    catalogue: Catalogue
    pictures: Pictures

    def letter(
        self, issue: PrintedIssue, language: str, *, to: str, test: datetime | None = None
    ) -> Letter:
        """See ``aggregator.ports.mailing.LetterMaker``."""
        return self._made(issue, language, to=to, test=test).letter

    def size(self, issue: PrintedIssue, language: str) -> MailSize:
        """See ``aggregator.ports.mailing.LetterMaker``."""
        try:
            made = self._made(issue, language)
        except RenderError as error:
            return MailSize(problem=str(error))
        return MailSize(size=len(made.letter.body), is_cut=made.is_cut)

    def _made(
        self, issue: PrintedIssue, language: str, *, to: str = "", test: datetime | None = None
    ) -> MadeMail:
        edition = next((one for one in issue.editions if one.language == language), None)
        if edition is None:
            raise NotFound(f"No. {issue.number} has no edition in {language}")
        cast = Cast(
            series=self.series,
            options=self.options,
            layout=Layout(languages=self.series.languages),
            catalogue=self.catalogue,
            pictures=self._pictures(edition),
        )
        return make_mail(cast, issue, edition, to=to, test=test)

    def _pictures(self, edition: Edition) -> dict[str, str]:
        urls = {item.thumbnail for part in edition.sections for item in part.items} - {""}
        return {url: path for url in urls if (path := self.pictures.path_of(url))}
