"""Tell people something, once per (person, key), inside the caller's transaction; delivery follows after commit."""

from collections.abc import Iterable
from datetime import datetime

from accounts.errands import soon
from accounts.models import Notice, User


def tell(
    people: Iterable[User],
    *,
    key: str,
    title: str,
    at: datetime,
    body: str = "",
    path: str = "",
    weight: str = Notice.Weight.INFO,
) -> None:
    post(
        Notice(person=person, key=key, title=title[:120], body=body, path=path, weight=weight, created_at=at)
        for person in people
    )


def post(notices: Iterable[Notice]) -> None:
    """Many notices at once, for a sweep; those a person has already are left as they are."""
    rows = list(notices)
    if rows:
        # The order keeps two sweeps that tell the same people from waiting for each other's rows crosswise.
        rows.sort(key=lambda row: (row.person_id, row.key))
        Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        deliver_soon()


def deliver_soon() -> None:
    soon("accounts.send_unsent")
