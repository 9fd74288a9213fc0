"""Everything the page of one petition shows to one person, gathered in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from accounts.masking import mask_name, mask_phone
from accounts.models import Access, User
from grids import versions
from grids.models import Hazard, PlaceVersion
from grids.scope import holds
from petitions import choices, ledger, lookalikes, reading, timeleft, timeline, workflow
from petitions.hindrances import hindrance
from petitions.models import (
    Attachment,
    Callback,
    Clock,
    Dispatch,
    Extension,
    IncomingCall,
    Interval,
    Petition,
    Promise,
    Suspension,
    Termination,
)
from petitions.papers.beside import Beside, beside
from petitions.permissions import AUDITS, is_among, sees_identity
from petitions.rules import ASIDE, RULES
from petitions.workflow.sending_on import FOUND_ON_PATROL

CALLER_FIELDS = {"caller_name": ("诉求人", mask_name), "caller_phone": ("联系电话", mask_phone)}
HIDDEN = "保密"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    words: str
    unmaskable: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """One clock: what was promised, by when, how the date came about, and what became of it."""

    clock: Clock
    label: str
    words: str
    tone: str
    running: bool
    working: timeleft.Working


@dataclass(frozen=True, slots=True)
class Action:
    name: str
    label: str
    hindrance: str

    @property
    def aside(self) -> bool:
        return self.name in ASIDE


@dataclass(frozen=True, slots=True)
class Asked:
    """What the unit asked for beyond the ordinary, and what was decided."""

    extensions: list[Extension]
    suspensions: list[Suspension]
    terminations: list[Termination]


@dataclass(frozen=True, slots=True)
class Dossier:
    petition: Petition
    caller: list[Field]
    rang: IncomingCall | None  # the telephone call it was written down from
    holder: timeline.Holder | None
    actions: list[Action]
    promises: list[Promised]
    rounds: list[Dispatch]
    parts: list[Dispatch]  # what assisting units still owe
    total: str  # how long the resident has waited
    asked: Asked
    main: Petition | None
    merged: list[Petition]  # of which this is the main one
    callbacks: list[Callback]
    attachments: list[Attachment]
    same_caller: list[Petition]
    looks: int | None  # how often somebody looked at what is masked, or took a file: for who audits
    papers: Beside
    story: list[timeline.Moment]
    crumbs: list[tuple[str, str]]
    hazard: Hazard | None  # from which it was sent on, for who may see it
    grid_then: PlaceVersion | None  # where its grid has changed since: the version of the day of registration
    case: tuple[str, str] | None  # for who publishes cases: what can be done, and where

    @property
    def has_next(self) -> bool:
        return not all(action.aside for action in self.actions)

    @property
    def running(self) -> list[Promised]:
        return [promised for promised in self.promises if promised.running]


def open_dossier(petition: Petition, *, to: User, at: datetime, shown: str = "") -> Dossier:
    """`shown` names the one field of the caller that is not masked this time."""
    story = timeline.story(petition)
    reading.gather(petition, happened := {moment.action for moment in story})
    with ledger.using(reading.PageLedger()):
        return _dossier(petition, story, happened, to=to, at=at, shown=shown)


def _dossier(
    petition: Petition, story: list[timeline.Moment], happened: set[str], *, to: User, at: datetime, shown: str
) -> Dossier:
    rounds = list(petition.dispatches.all())
    return Dossier(
        petition=petition,
        caller=_caller(petition, to, shown),
        rang=IncomingCall.objects.filter(submission=petition.submission).first(),
        holder=timeline.holder(petition),
        actions=_actions(petition, to, at),
        promises=_all_promised(petition, rounds, at),
        asked=_asked(petition),
        main=Petition.objects.visible_to(to).filter(merged=petition).first() if "merge" in happened else None,
        merged=_merged(petition, to) if "take_in" in happened else [],
        rounds=rounds,
        parts=[one for one in rounds if one.role == Dispatch.Role.ASSISTING and one.ended_at is None],
        total=timeleft.total(petition, at),
        callbacks=list(petition.callbacks.all()),
        attachments=list(petition.attachments.all()),
        same_caller=_same_caller(petition, to),
        looks=Access.objects.of(petition.number).count() if holds(to, *AUDITS) else None,
        papers=beside(petition, to=to),
        story=story,
        crumbs=_crumbs(petition),
        hazard=_hazard(petition, to),
        grid_then=_grid_then(petition),
        case=_case(petition, to, at, happened),
    )


def _hazard(petition: Petition, to: User) -> Hazard | None:
    """Asked only of what was found on patrol: nothing else was sent on."""
    if petition.channel_id != FOUND_ON_PATROL:
        return None
    return Hazard.objects.visible_to(to).filter(sent_on__petition=petition).first()


def _grid_then(petition: Petition) -> PlaceVersion | None:
    """It keeps the grid of its day: asked for and said only where that is not the grid of today."""
    place, day = petition.place, timezone.localdate(petition.registered_at)
    if place.closed_on is None and (place.changed_on is None or day >= place.changed_on):
        return None
    return versions.on(place.code, day)


def _actions(petition: Petition, to: User, at: datetime) -> list[Action]:
    """What can be done at once stands before what must wait."""
    available = workflow.available(petition, to, at)
    return sorted(
        (Action(name, RULES[name].label, why) for name, why in available.items()), key=lambda a: bool(a.hindrance)
    )


def _caller(petition: Petition, to: User, shown: str) -> list[Field]:
    known = sees_identity(to, petition)
    fields = []
    for name, (label, mask) in CALLER_FIELDS.items():
        words = getattr(petition, name)
        if not words:
            fields.append(Field(name, label, "匿名" if name == "caller_name" else "未留", False))
        elif not known:
            fields.append(Field(name, label, HIDDEN, False))
        else:
            fields.append(Field(name, label, words if name == shown else mask(words), name != shown))
    return fields


def _all_promised(petition: Petition, rounds: list[Dispatch], at: datetime) -> list[Promised]:
    intervals = list(petition.intervals.all())
    return [
        _promised(petition, clock, at, intervals, _left_to_others(clock, rounds)) for clock in petition.clocks.all()
    ]


def _left_to_others(clock: Clock, rounds: list[Dispatch]) -> str:
    """Why a unit need not keep this promise any more, though nobody kept it."""
    for one in rounds:
        if one.unit_id == clock.unit_id and one.ended_at is not None and one.ended_at == clock.stopped_at:
            return "已取消" if one.released else "已改派" if hasattr(one, "handed_back") else ""
        if clock.promise == Promise.CONTACT and one.unit_id != clock.unit_id and one.signed_at == clock.stopped_at:
            return "已由签收单位接续" if one.signed_at else ""
    return ""


def _before(clock: Clock, intervals: list[Interval]) -> list[Interval]:
    """The intervals that moved its due instant, first one first."""
    last = next((one for one in intervals if one.pk == clock.after_id), None)
    return [*_before(last.stopped, intervals), last] if last else []


PASSED_ON = {
    Interval.Kind.EXTENSION: "已延期",
    Interval.Kind.SUSPENSION: "挂账停走",
    Interval.Kind.REVIEW: "审核后接续",
}


def _promised(petition: Petition, clock: Clock, at: datetime, intervals: list[Interval], passed_on: str) -> Promised:
    label, working = Promise(clock.promise).label, timeleft.explain(clock, _before(clock, intervals))
    if clock.unit and clock.unit_id != petition.unit_id:
        label = f"{label}（{clock.unit}）"
    if passed_on:
        return Promised(clock, label, passed_on, "", False, working)
    if ended := next((one for one in intervals if one.stopped_id == clock.pk), None):
        return Promised(clock, label, PASSED_ON[Interval.Kind(ended.kind)], "", False, working)
    if clock.stopped_at is None:
        left = timeleft.time_left(timeleft.due_of(clock), at)
        return Promised(clock, label, left.words, left.tone, True, working)
    if clock.kept_in_time:
        return Promised(clock, label, "按时", "green", False, working)
    late = timeleft.time_left(timeleft.due_of(clock), clock.stopped_at)
    return Promised(clock, label, late.words, late.tone, False, working)


def _asked(petition: Petition) -> Asked:
    """The last one first."""
    return Asked(
        list(petition.extensions.all())[::-1],
        list(petition.suspensions.all())[::-1],
        list(petition.terminations.all())[::-1],
    )


def _merged(petition: Petition, to: User) -> list[Petition]:
    return list(Petition.objects.visible_to(to).filter(merged_into=petition).for_list())


def _same_caller(petition: Petition, to: User) -> list[Petition]:
    if not petition.caller_phone or not sees_identity(to, petition):
        return []
    earlier = lookalikes.from_caller(petition.caller_phone, to=to).for_list().exclude(pk=petition.pk)
    return list(earlier[: lookalikes.HISTORY])


def _case(petition: Petition, to: User, at: datetime, happened: set[str]) -> tuple[str, str] | None:
    rule, address = RULES["publish_case"], f"/cases/{petition.number}/"
    if petition.status not in rule.sources or not is_among(to, rule.who, petition):
        return None
    if "publish_case" in happened and petition.publications.standing().exists():
        return "已公开为案例，可以撤下", f"{address}withdraw/"
    return None if hindrance("publish_case", petition, by=to, at=at) else (rule.label, address)


def _crumbs(petition: Petition) -> list[tuple[str, str]]:
    known = choices.places()
    above = [known[code] for code in petition.place.path_codes[1:] if code in known]
    return [
        ("诉求列表", "/petitions/"),
        *((place.name, f"/petitions/?place={place.code}") for place in above),
        (petition.number, ""),
    ]
