"""Some of the satisfied are asked again, by somebody else: the draw of a month, and what was found."""

from datetime import date, datetime

from django.db import connection, transaction

from accounts.models import Notice, User
from petitions import periods, terms
from petitions.models import Petition, Recheck, Satisfied, Solved
from petitions.permissions import DIRECTORS, REVIEWERS
from petitions.step import step

# Once per month, whoever asks first: the row of the series is the lock. Of each unit so many, or so many per cent.
CLAIM = "INSERT INTO petitions_series (key, last) VALUES (%s, 1) ON CONFLICT (key) DO NOTHING"
DRAW = """
INSERT INTO petitions_recheck (petition_id, callback_id, unit_id, month, drawn_at, result, solved, satisfied, note)
SELECT petition_id, id, unit_id, %(month)s::date, %(at)s::timestamptz, '', '', '', ''
FROM (
    SELECT *, row_number() OVER (PARTITION BY unit_id ORDER BY random()) AS place,
        count(*) OVER (PARTITION BY unit_id) AS of_unit
    FROM (
        SELECT DISTINCT ON (c.petition_id) c.petition_id, c.id, c.unit_id, c.satisfied
        FROM petitions_callback c JOIN petitions_petition p ON p.id = c.petition_id
        WHERE c.reached AND c.at >= %(since)s::timestamptz AND c.at < %(until)s::timestamptz
            AND c.unit_id IS NOT NULL AND p.status IN ('closed', 'archived') AND p.caller_fingerprint IS NOT NULL
        ORDER BY c.petition_id, c.at DESC, c.id DESC
    ) AS last_answers
    WHERE satisfied IN ('very', 'yes', 'basically')
) AS content
WHERE place <= greatest(%(least)s::int, ceil(of_unit * %(percent)s::int / 100.0))
ON CONFLICT (callback_id) DO NOTHING
"""


def draw_rechecks(month: date, *, at: datetime) -> int:
    """The sample of a month's satisfied petitions; drawn once, however often and by how many it is asked for."""
    period = periods.read(f"{month:%Y-%m}", at)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [f"recheck:{month:%Y-%m}"])
        if not cursor.rowcount:
            return 0
        cursor.execute(
            DRAW,
            {
                "month": month,
                "at": at,
                "since": period.since,
                "until": period.until,
                "least": terms.setting("recheck_least"),
                "percent": terms.setting("recheck_percent"),
            },
        )
        return int(cursor.rowcount)


def recheck(
    petition: Petition,
    *,
    by: User,
    result: str,
    solved: str = "",
    satisfied: str = "",
    note: str = "",
    at: datetime | None = None,
) -> None:
    """What the caller said this time; where it deviates, those who supervise are told."""
    with step("recheck", petition, by=by, at=at) as this:
        drawn = petition.rechecks.waiting().get()
        said = {"solved": solved, "satisfied": satisfied} if result != Recheck.Result.UNREACHED else {}
        this.change(drawn, result=result, note=note, done_at=this.at, done_by=by, **said)
        this.note = note
        this.detail |= {"result": Recheck.Result(result).label}
        this.detail |= {"solved": Solved(solved).label, "satisfied": Satisfied(satisfied).label} if said else {}
        if drawn.deviates:
            this.tell(REVIEWERS, f"满意件抽查{drawn.get_result_display()}", Notice.Weight.WARNING)
            this.tell(DIRECTORS, f"满意件抽查{drawn.get_result_display()}", Notice.Weight.WARNING)
