"""Corrections of published issues: written once, never thrown away, and never changed but for which
mails went out without them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from aggregator.domain.corrections import CorrectedField, CorrectedText, Correction
from aggregator.domain.editing import Action, ActionKind, Change
from aggregator.domain.errors import Conflict, IllegalTransition
from aggregator.domain.issues import Edit, IssueStatus
from aggregator.domain.mailing import DeliveryState
from aggregator.store.acting import write_action
from aggregator.store.correction_tables import corrections
from aggregator.store.delivery_tables import deliveries
from aggregator.store.engine import Database
from aggregator.store.tables import issues


class CorrectionRows:
    """The part of the store that keeps corrections."""

    _db: Database

    def corrections(self, series: str) -> list[Correction]:
        """All corrections of a series by issue, in the order in which they were made."""
        query = (
            select(corrections)
            .join(issues, issues.c.id == corrections.c.issue_id)
            .where(issues.c.series == series)
            .order_by(corrections.c.issue_id, corrections.c.place)
        )
        with self._db.reading() as connection:
            return [_correction_of(row) for row in connection.execute(query).mappings()]

    def save_correction(
        self, correction: Correction, *, version: int, edits: Sequence[Edit]
    ) -> Correction:
        """Keep a correction, with its lines for the log as one action, and say how it was kept: ``mailed`` is what
        the table of mails says in the same transaction; what is being sent is decided when that has
        ended. The issue's version goes up.

        Raises Conflict when the issue's version is not ``version``, and IllegalTransition unless
        the issue is published.
        """
        this = issues.c.id == correction.issue_id
        with self._db.writing() as connection:
            row = connection.execute(select(issues).where(this)).mappings().first()
            if row is None or row["status"] != IssueStatus.PUBLISHED.value:
                raise IllegalTransition("only a published issue is corrected; a draft is edited")
            if row["version"] != version:
                raise Conflict(
                    f"No. {row['number']} was changed meanwhile: look at it again, then repeat the"
                    " correction"
                )
            kept = replace(correction, mailed=_out_of_hand(connection, correction.issue_id))
            connection.execute(insert(corrections), _values(connection, kept))
            connection.execute(update(issues).where(this).values(version=version + 1))
            write_action(
                connection,
                Action(
                    actor=correction.by,
                    at=correction.at,
                    kind=ActionKind.CORRECT,
                    target=f"pick:{correction.issue_id}:{correction.story}",
                    issue_id=correction.issue_id,
                    changes=tuple(Change(edit=edit) for edit in edits),
                ),
            )
            return kept


def _out_of_hand(connection: Connection, issue_id: int) -> tuple[str, ...]:
    """The languages whose mail nothing can change any more."""
    query = (
        select(deliveries.c.language)
        .where(
            deliveries.c.issue_id == issue_id,
            deliveries.c.state == DeliveryState.SENT.value,
        )
        .distinct()
    )
    return tuple(sorted(connection.scalars(query)))


def mark_mailed(
    connection: Connection, issue_id: int, language: str, known: Collection[str]
) -> None:
    """Keep that the mail of an edition went out: with the corrections of ``known``, by their
    public ids, as far as these are not marked already; without all others of its issue."""
    mine = select(corrections).where(corrections.c.issue_id == issue_id)
    for row in connection.execute(mine).mappings().all():
        if row["public_id"] in known or language in row["mailed"]:
            continue
        this = update(corrections).where(corrections.c.public_id == row["public_id"])
        connection.execute(this.values(mailed=sorted({*row["mailed"], language})))


def _values(connection: Connection, correction: Correction) -> dict[str, object]:
    mine = corrections.c.issue_id == correction.issue_id
    last = connection.scalar(select(func.max(corrections.c.place)).where(mine))
    return {
        **asdict(correction),
        "place": (last or 0) + 1,
        "field": correction.field.value,
        "mailed": list(correction.mailed),
    }


def _correction_of(row: RowMapping) -> Correction:
    values = {name: row[name] for name in row if name != "place"}
    texts = {language: CorrectedText(**text) for language, text in row["texts"].items()}
    return Correction(
        **values
        | {
            "field": CorrectedField(row["field"]),
            "texts": texts,
            "mailed": tuple(row["mailed"]),
        }
    )
