"""What has been kept as long as the catalogue says: proposed by community, confirmed by a person, then blanked.

Rows stay, so that every count stays; the words in them go. The tables of what happened are append-only, and `erase` is
the one place that writes into them again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts import notices
from accounts.models import Access, User
from accounts.notnow import NotNow
from grids.models import (
    Change,
    CollectedField,
    Duty,
    Erasure,
    HazardEvent,
    HazardPhoto,
    HomeEvent,
    Place,
    PremisesEvent,
    Visit,
)
from grids.models.record import APPEND_ONLY
from grids.retention_kinds import DUE, GOES, SUBJECT, TELL_THE_HOMES
from grids.scope import holders, holds
from grids.workflow import photographs

UNLISTED = 3  # years, of what the catalogue does not list: rather too long than too short
DECIDERS = (Duty.COMMUNITY_SECRETARY, Duty.ADMINISTRATOR)
PROTECTED: tuple[Any, ...] = (Visit, Change, HomeEvent, HazardEvent, PremisesEvent)
Kind = Erasure.Kind

PROPOSE = """
INSERT INTO grids_erasure (place_id, kind, before, rows, proposed_at, kept_why)
SELECT left(place_id, 12), %(kind)s, %(day)s, count(*), %(at)s, '' FROM ({due}) due GROUP BY left(place_id, 12)
ON CONFLICT DO NOTHING
"""


def propose(at: datetime) -> int:
    """Once in a calendar year; what was proposed and not decided stays open beside it."""
    on = timezone.localdate(at)
    if Erasure.objects.filter(proposed_at__year=on.year).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        for kind, day in days(on).items():
            said: dict[str, Any] = {
                "community": None,
                "before": _midnight(day),
                "kind": kind.value,
                "day": day,
                "at": at,
            }
            cursor.execute(PROPOSE.format(due=DUE[kind]), said)
        fresh = list(Erasure.objects.filter(proposed_at=at).select_related("place"))
        for place in {one.place for one in fresh}:
            _tell(place, at)
    return len(fresh)


def days(on: date) -> dict[Kind, date]:
    """Before which day each kind is over, seen from this day."""
    kept = dict(CollectedField.objects.order_by().values_list("subject").annotate(Max("kept_years")))
    return {kind: _years_before(on, kept.get(subject, UNLISTED)) for kind, subject in SUBJECT.items()}


def may_decide(user: User, place: str) -> bool:
    return holds(user, *DECIDERS, place=place)


def erase(erasure: Erasure, *, by: User, at: datetime) -> int:
    """Blanks the words for good; how many rows, and that they are blank, is kept in three places."""
    with transaction.atomic(), connection.cursor() as cursor:
        _decide(erasure, by)
        said: dict[str, Any] = {
            "community": erasure.place_id,
            "before": _midnight(erasure.before),
            "kind": erasure.kind,
            "erasure": erasure.pk,
            "at": at,
            "by": by.pk,
        }
        cursor.execute(f"CREATE TEMPORARY TABLE due ON COMMIT DROP AS {DUE[Kind(erasure.kind)]}", said)
        cursor.execute("SELECT count(*) FROM due")
        erasure.erased = cursor.fetchone()[0]
        with _opened():
            for statement in GOES[Kind(erasure.kind)]:
                cursor.execute(statement, said)
        cursor.execute(TELL_THE_HOMES, said)
        cursor.execute("DROP TABLE due")
        _record(erasure, f"{erasure.before} 以前，共 {erasure.erased} 条", by=by, at=at)
        erasure.decided_at, erasure.decided_by = at, by
        erasure.save(update_fields=["decided_at", "decided_by", "erased"])
        transaction.on_commit(_let_photos_go, robust=True)
    return erasure.erased


def keep(erasure: Erasure, *, why: str, by: User, at: datetime) -> None:
    """Not this year, for a reason; next year's proposal names the rows again."""
    with transaction.atomic():
        _decide(erasure, by)
        erasure.decided_at, erasure.decided_by, erasure.kept_why = at, by, why
        erasure.save(update_fields=["decided_at", "decided_by", "kept_why"])


@contextmanager
def _opened() -> Iterator[None]:
    """The append-only tables, for the statements inside. `pgtrigger.ignore` itself sends two commands in one, which
    a connection that binds on the server refuses; this is what it says, said before and taken back after."""
    names = ",".join(APPEND_ONLY.get_pgid(model) for model in PROTECTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{names}}}"])
        yield
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _let_photos_go() -> None:
    photographs.let_go(HazardPhoto.objects.all())


def _decide(erasure: Erasure, by: User) -> None:
    if not may_decide(by, erasure.place_id):
        raise PermissionDenied
    if Erasure.objects.select_for_update(no_key=True).get(pk=erasure.pk).decided_at:
        raise NotNow("这一项已经有人决定过了，请刷新后再看。")


def _record(erasure: Erasure, why: str, *, by: User, at: datetime) -> None:
    subject, field = f"erasure:{erasure.place_id}", erasure.get_kind_display()
    Access.objects.create(by=by, at=at, kind=Access.Kind.ERASE, subject=subject, field=field, reason=why)


def _tell(place: Place, at: datetime) -> None:
    notices.tell(
        holders(Duty.COMMUNITY_SECRETARY, place=place.pk),
        key=f"erasures:{place.pk}:{timezone.localdate(at).year}",
        title=f"{place}有保存期满的个人信息，请核对后删除",
        path="/homes/retention/",
        at=at,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def _years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=28 if (on.month, on.day) == (2, 29) else on.day)
