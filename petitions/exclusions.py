"""What is left out of the rates: proposed by one, confirmed by another, and in its numbers open to all."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.forms import Form

from accounts.models import User
from petitions.forms.exclusions import DecisionForm
from petitions.models import Exclusion, Petition
from petitions.periods import Period
from petitions.permissions import is_among
from petitions.rules import RULES

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Proposal:
    exclusion: Exclusion
    may_decide: bool
    why_not: str
    form: Form


def counted(user: User, period: Period | None = None) -> list[tuple[str, int]]:
    """How many were left out for which reason; those decided in the period, or all."""
    found = Exclusion.objects.standing()
    if period is not None:
        found = found.filter(decided_at__gte=period.since, decided_at__lt=period.until)
    numbers: Counter[str] = Counter(
        dict(found.order_by().values_list("reason").annotate(number=Count("pk")).values_list("reason", "number"))
    )
    return [(reason.label, numbers[reason]) for reason in Exclusion.Reason]


def shown_to(user: User, *, form: Form | None = None, number: str = "") -> dict[str, Any]:
    hers = Exclusion.objects.filter(petition__in=Petition.objects.visible_to(user))
    rows = hers.select_related("petition", "proposed_by", "decided_by")
    return {
        "counted": counted(user),
        "proposals": [
            _proposal(row, user, form if form is not None and row.petition.number == number else None)
            for row in rows.proposed()[:SHOWN]
        ],
        "decided": list(rows.exclude(agreed=None).order_by("-decided_at")[:SHOWN]),
    }


def _proposal(row: Exclusion, user: User, form: Form | None) -> Proposal:
    may = is_among(user, RULES["decide_exclusion"].who, row.petition)
    own = row.proposed_by_id == user.pk
    return Proposal(
        row, may and not own, "这是您自己提出的，须由另一个人复核。" if may and own else "", form or DecisionForm()
    )
