"""Reading a petition for a page: each kind of row once, and none at all of what never happened to it.

A page, its buttons and the reasons beside them ask many questions of the same few rows. They are read beforehand and
kept with the petition (Django's prefetch), so that whoever asks `petition.callbacks.all()` asks the page. What locks a
petition to change it reads it anew, and forgets what a page had read.
"""

from typing import Any

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from petitions.ledger import DatabaseLedger, T
from petitions.models import (
    WRITTEN,
    Approval,
    Attachment,
    Callback,
    Clock,
    Decision,
    Dispatch,
    Exclusion,
    Extension,
    Interval,
    Leak,
    Petition,
    Return,
    SupervisionNotice,
    Suspension,
    Termination,
    Topic,
)

SUPERVISED = {"notice_issue", *(str(effect) for effect in WRITTEN)}
# What leaves rows of its own: without one of these in its story, a petition has none of them.
LEFT_BY: dict[str, set[str]] = {
    "returns": {"hand_back"},
    "callbacks": {"call_back", "call_back_merged", "rate"},
    "intervals": {"grant_extension", "suspend", "correct"},
    "extensions": {"ask_extension"},
    "suspensions": {"ask_suspension"},
    "terminations": {"ask_termination"},
    "merged": {"take_in"},
    "exclusions": {"propose_exclusion"},
    "leaks": {"record_leak"},
    "topics": {"raise_topic"} | SUPERVISED,
    "supervision": {"propose_supervision"} | SUPERVISED,
}


def gather(petition: Petition, happened: set[str]) -> None:
    """`happened`: the actions of its story."""
    rows = _rows()
    never = [name for name, actions in LEFT_BY.items() if not happened & actions]
    prefetch_related_objects(
        [petition], *(Prefetch(name, of_it.none() if name in never else of_it) for name, of_it in rows.items())
    )


def _rows() -> dict[str, QuerySet[Any]]:
    """As the page shows them; in the order of their keys, which a petition's own rows are in anyway."""
    people = ("asked_by", "decided_by")
    of_a_round = ("unit", "dispatched_by", "signed_by", "handled_by", "approved_by")
    of_a_return = ("handed_back__proposed", "handed_back__asked_by", "handed_back__decided_by")
    decisions: QuerySet[Any] = Decision.objects.select_related("task__unit")
    approvals: QuerySet[Any] = Approval.objects.select_related("by")
    suspensions = Suspension.objects.select_related("asked_by").prefetch_related(Prefetch("approvals", approvals))
    return {
        "dispatches": Dispatch.objects.select_related(*of_a_round, *of_a_return).order_by("pk"),
        "clocks": Clock.objects.select_related("unit").order_by("-stopped_at", "due_at"),
        "returns": Return.objects.order_by("pk"),
        "callbacks": Callback.objects.select_related("by").order_by("at", "pk"),
        "attachments": Attachment.objects.select_related("uploaded_by").order_by("pk"),
        "intervals": Interval.objects.select_related("stopped", "approved_by").order_by("pk"),
        "extensions": Extension.objects.select_related(*people).order_by("pk"),
        "suspensions": suspensions.order_by("pk"),
        "terminations": Termination.objects.select_related(*people).order_by("pk"),
        "merged": Petition.objects.for_list(),
        "leaks": Leak.objects.order_by("pk"),
        "exclusions": Exclusion.objects.order_by("pk"),
        "topics": Topic.objects.select_related("meeting").prefetch_related(Prefetch("decisions", decisions)),
        "supervision": SupervisionNotice.objects.select_related("clock").order_by("drafted_at"),
    }


class PageLedger(DatabaseLedger):
    """For who asks many questions and changes nothing."""

    def __init__(self) -> None:
        self._read: dict[tuple[int, str], list[Any]] = {}

    def _all(self, petition: Petition, name: str) -> list[Any]:
        key = (petition.pk, name)
        if key not in self._read:
            self._read[key] = sorted(getattr(petition, name).all(), key=lambda row: row.pk)
        return self._read[key]

    def last_clock(self, petition: Petition, promise: str) -> Clock | None:
        return next((one for one in reversed(self._all(petition, "clocks")) if one.promise == promise), None)

    def lead(self, petition: Petition) -> Dispatch | None:
        leads = (one for one in self.dispatches(petition) if one.role == Dispatch.Role.LEAD and one.ended_at is None)
        return next(leads, None)

    def dispatches(self, petition: Petition) -> list[Dispatch]:
        return self._all(petition, "dispatches")

    def returns(self, petition: Petition) -> list[Return]:
        return self._all(petition, "returns")

    def callbacks(self, petition: Petition) -> list[Callback]:
        return self._all(petition, "callbacks")

    def asked(self, kind: type[T], petition: Petition) -> T | None:
        return next(reversed(self._all(petition, ASKED[kind])), None)


ASKED: dict[type[Model], str] = {Extension: "extensions", Suspension: "suspensions", Termination: "terminations"}
