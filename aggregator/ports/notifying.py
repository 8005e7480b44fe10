"""Telling the operator: by mail, and by a webhook."""

from __future__ import annotations

from typing import Protocol

from aggregator.domain.notices import Mail, Posting


class Mailer(Protocol):
    """Hands mails to a mail server."""

    def send(self, mail: Mail) -> None:
        """Hand over one mail. It counts as sent when the server takes it for one of its
        recipients. Raises NotifyError."""
        ...


class Poster(Protocol):
    """Posts to a webhook."""

    async def post(self, posting: Posting) -> None:
        """Post once; any status from 200 to 299 is success. Raises NotifyError."""
        ...
