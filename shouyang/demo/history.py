"""What became of one petition: who did what, when. Each step is a verb: rules, clocks and rows are the workflow's."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Unit, User
from petitions import terms, workflow
from petitions.models import (
    Callback,
    Clock,
    Dispatch,
    Nature,
    Petition,
    Promise,
    Satisfied,
    Solved,
    Status,
    Suspension,
)
from shouyang.demo.knowledge import Known
from shouyang.demo.memory import MemoryLedger


@dataclass(frozen=True)
class Staff:
    """Who works at the centre and in the units, as lists to draw from."""

    operators: list[User]
    dispatchers: list[User]
    reviewers: list[User]
    callers_back: list[User]
    directors: list[User]
    leaders: list[User]
    receivers: dict[int, list[User]]  # by unit
    handlers: dict[int, list[User]]
    heads: dict[int, list[User]]
    units: dict[int, Unit]  # those that can lead: somebody signs, works and approves there


@dataclass(frozen=True)
class Words:
    """What people wrote about this petition."""

    opinion: str
    contact: str
    result: str
    basis: str
    answer: str  # given on the phone, where that is enough
    refusal: tuple[str, str] | None  # reason and direction
    remark: str  # of a caller who is not satisfied
    not_ours: tuple[str, str]  # on what ground a unit hands it back, and what it says of it
    part: str  # what an assisting unit did


class NotYet(Exception):
    """The next step lies in the future: the petition is still open."""


@dataclass
class History:
    petition: Petition
    words: Words
    staff: Staff
    unit: Unit
    known: Known
    rng: random.Random
    now: datetime
    book: MemoryLedger
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # every verb with its words, to be told again

    def live(self, registered_at: datetime, by: User | None, accepted: bool) -> None:
        try:
            self._do("register", registered_at, by=by, accepted=accepted)
            self._intake()
        except NotYet:
            pass  # still open: what rings until now, the sweep rings

    # --- The steps -----------------------------------------------------------------------------------

    def _intake(self) -> None:
        petition, at = self.petition, self.petition.registered_at
        if petition.status == Status.RECEIVED:
            at = self._within(Promise.ACCEPT, at)
            self._do("accept", at, by=self._one(self.staff.operators))
        soon = at + timedelta(seconds=self.rng.randint(90, 420))
        if self.words.refusal:
            reason, direction = self.words.refusal
            return self._do("refuse", soon, by=self._one(self.staff.operators), reason=reason, direction=direction)
        if self.words.answer and petition.nature in (Nature.CONSULTATION, Nature.THANKS) and self._chance(0.62):
            rests_on = self.known.for_(petition)
            return self._do("answer", soon, by=self._one(self.staff.operators), note=self.words.answer, cites=rests_on)
        return self._handle(at)

    def _handle(self, at: datetime) -> None:
        at = self._within(Promise.DISPATCH, at)
        beside = self._elsewhere() if self._chance(0.05) else None
        assisting = [beside] if beside and self._chance(0.6) else []
        self._do(
            "dispatch",
            at,
            to=self.unit,
            by=self._one(self.staff.dispatchers),
            opinion=self.words.opinion,
            assisting=assisting,
        )
        if beside and not assisting:
            at = self._not_ours(at, beside)
        if self._chance(0.004):
            raise NotYet  # nobody signs: what the clocks are for
        at = self._within(Promise.SIGN, at)
        self._do("sign", at, by=self._one(self.staff.receivers[self.unit.pk]))
        self._answer_the_caller(at)

    def _answer_the_caller(self, at: datetime) -> None:
        handler = self._one(self.staff.handlers[self.unit.pk])
        if self.petition.reachable:
            at = self._within(Promise.CONTACT, at)
            manner = self.rng.choices(list(Dispatch.Manner), (80, 8, 4, 8))[0]
            self._do("contact", at, by=handler, manner=manner, reached=self._chance(0.97), note=self.words.contact)
        if self._chance(0.005):
            raise NotYet  # promised on the phone, and then forgotten
        at = self._assisted(self._more_time(at, handler))
        at = self._within(Promise.RESOLVE, at, most=0.85)
        self._meanwhile(at)
        at = self._reply(at, handler)
        if self._chance(0.03):
            self._do("send_back", at, by=self._head(), note="请补充现场处置情况和依据后再报。")
            at = self._reply(self._later(at), handler)
        self._do("approve", at, by=self._head(), note="同意")
        at = self._within(Promise.REVIEW, at)
        if self._chance(0.03):
            self._do("correct", at, by=self._one(self.staff.reviewers), note="缺少处置后的照片或说明，请补正。")
            at = self._reply(self._later(at), handler)
            self._do("approve", at, by=self._head(), note="已补正")
            at = self._within(Promise.REVIEW, at)
        self._do("pass_review", at, by=self._one(self.staff.reviewers))
        self._ask(at)

    def _meanwhile(self, until: datetime) -> None:
        """What takes long is told in stages; now and then somebody forgets it."""
        while (clock := self._clock(Promise.STAGE)) and clock.due_at < until and not self._chance(0.02):
            at = max(self.told[-1][1]["at"], self._part_of(clock, self.rng.uniform(0.5, 0.95)))
            by = self._one(self.staff.handlers[self.unit.pk])
            self._do("stage_feedback", at, by=by, note="已到现场查看并开始处置，办完后再向您反馈结果。")

    def _more_time(self, at: datetime, handler: User) -> datetime:
        """Some take longer than promised and say so in time; of a few nobody can say when they will be done."""
        clock = self._clock(Promise.RESOLVE)
        if clock is None or at > clock.due_at:
            return at
        cap = terms.extension_cap(clock.promise_class)
        if cap and self._chance(0.02):
            asked = {
                "amount": self.rng.randint(1, min(cap.amount, 5)),
                "reason": "材料和人员需要另行调配",
                **self._told(at),
            }
            self._do("ask_extension", at, by=handler, progress="已到现场查看，方案已定。", **asked)
            at, reviewer = self._later(at), self._one(self.staff.reviewers)
            if self._chance(0.85):
                self._do("grant_extension", at, by=reviewer, note="同意，请按新期限办结。")
            else:
                self._do("refuse_extension", at, by=reviewer, note="现有条件可以办理，请按期办结。")
        elif self._chance(0.003):
            self._on_the_books(at, handler)
        return at

    def _on_the_books(self, at: datetime, handler: User) -> None:
        asked = {
            "reason": self.rng.choice(list(Suspension.Reason)),
            "work_done": "已会同社区现场查看，并与诉求人当面沟通。",
            "next_step": "条件具备后立即组织实施，每月通报一次进展。",
            "leader": "分管负责人",
            "expected_on": timezone.localdate(at) + timedelta(days=self.rng.randint(60, 240)),
        }
        self._do("ask_suspension", at, by=handler, **asked, **self._told(at))
        for people in (self.staff.heads[self.unit.pk], self.staff.directors, self.staff.leaders):
            at = self._later(at)
            self._do("approve_suspension", at, by=self._one(people), note="同意")
        raise NotYet

    def _told(self, at: datetime) -> dict[str, Any]:
        if not self.petition.reachable:
            return {}
        return {"told_manner": Dispatch.Manner.PHONE, "told_at": at, "told_words": "已电话说明原因和下一步安排。"}

    def _not_ours(self, at: datetime, other: Unit) -> datetime:
        """Most are right; of those the other unit sometimes says the same, and the centre rules."""
        at = self._hand_back(at, other)
        at = self._within(Promise.RETURN_REVIEW, at)
        reviewer = self._one(self.staff.reviewers)
        if self._chance(0.35):
            self._do("reject_return", at, by=reviewer, note="按派单目录属你单位职责，请签收办理。")
            return at
        first = self.unit
        self._do("uphold_return", at, to=other, by=reviewer, note="情况属实，同意改派。")
        self.unit = other
        if self._chance(0.8):
            return at
        at = self._within(Promise.ARBITRATION, self._hand_back(at, first))
        self.unit = ruled([first, other], self.petition.item.lead_id, self.rng)
        street = self.petition.place
        while len(street.code) > 9 and street.parent:
            street = street.parent
        ruling = f"经会商，“{self.petition.item.name}”以现场管理权属为准。"
        self._do("arbitrate", at, to=self.unit, by=self._one(self.staff.reviewers), basis=ruling, place=street)
        return at

    def _hand_back(self, at: datetime, other: Unit) -> datetime:
        clock = self._clock(Promise.RESOLVE)
        assert clock is not None, "it was just dispatched"
        at = min(self._part_of(clock, self.rng.uniform(0.03, 0.2), at), terms.return_until(at, clock.length))
        basis, material = self.words.not_ours
        by = self._one(self.staff.receivers[self.unit.pk])
        self._do("hand_back", at, by=by, basis=basis, proposed_unit=other, material=material)
        return at

    def _assisted(self, at: datetime) -> datetime:
        for unit in list(self.petition.assisting or ()):
            at = self._within(Promise.ASSIST_SIGN, at)
            self._meanwhile(at)
            self._do("assist_sign", at, by=self._one(self.staff.receivers[unit]))
            at = self._within(Promise.ASSIST_REPLY, at, most=0.9)
            self._meanwhile(at)
            self._do("assist_reply", at, by=self._one(self.staff.handlers[unit]), result=self.words.part)
        return at

    def _elsewhere(self) -> Unit:
        """Whose it might be as well: the street office, or another of those that have most to do."""
        near = [self.staff.units.get(self.petition.place.unit_id or 0), *self.staff.units.values()][:40]
        return self.rng.choice([unit for unit in near if unit and unit.pk != self.unit.pk])

    def _reply(self, at: datetime, handler: User) -> datetime:
        assessment = self.rng.choices(list(Dispatch.Assessment), (86, 6, 1, 7))[0]
        self._do("reply", at, by=handler, result=self.words.result, basis=self.words.basis, assessment=assessment)
        return self._later(at)

    def _ask(self, at: datetime) -> None:
        caller = self._one(self.staff.callers_back)
        cooled = at + timedelta(hours=terms.setting("callback_cooldown"))
        at = max(self._within(Promise.CALL_BACK, at), cooled + timedelta(minutes=self.rng.randint(1, 240)))
        at = timezone.localtime(at)
        if not self.petition.reachable or self._chance(0.04):
            for days, hour in ((0, 10), (1, 15), (2, 19), (3, 9)):
                tried = (at + timedelta(days=days)).replace(hour=hour % 24, minute=self.rng.randint(0, 59))
                if self.petition.status == Status.AWAITING_CALLBACK and tried > at - timedelta(hours=1):
                    self._do("call_back", max(tried, at), by=caller, reached=False, note="无人接听")
            return
        unhappy = self._chance(0.036 if self.petition.redo_count == 0 else 0.12)
        way = Callback.Way.SELF if self._chance(0.08) else Callback.Way.PHONE
        self._do("call_back", at, by=None if way == Callback.Way.SELF else caller, way=way, **self._answers(unhappy))
        if unhappy and self.petition.status == Status.IN_HAND:
            self._answer_the_caller(self._later(at))
        elif self._chance(0.004):
            self._do("reopen", at + timedelta(days=self.rng.uniform(1, 9)), by=None, note=self.words.remark)
            self._handle(self.told[-1][1]["at"])

    def _answers(self, unhappy: bool) -> dict[str, Any]:
        if unhappy:
            solved = self.rng.choices([Solved.NO, Solved.PARTLY], (7, 3))[0]
            satisfied = self.rng.choices([Satisfied.NO, Satisfied.NOT_AT_ALL], (8, 2))[0]
            return {"contacted": self._chance(0.8), "solved": solved, "satisfied": satisfied, "note": self.words.remark}
        solved = self.rng.choices([Solved.YES, Solved.PARTLY, Solved.NOT_NEEDED], (90, 5, 5))[0]
        satisfied = self.rng.choices([Satisfied.VERY, Satisfied.YES, Satisfied.BASICALLY], (52, 40, 8))[0]
        return {"contacted": self._chance(0.985), "solved": solved, "satisfied": satisfied, "note": ""}

    # --- Time and chance -------------------------------------------------------------------------------

    def _do(self, verb: str, at: datetime, **values: Any) -> None:
        if at > self.now:
            raise NotYet
        if self.petition.pk:
            self.book.ring(self.petition, at)
        getattr(workflow, verb)(self.petition, at=at, **values)
        self.told.append((verb, {"at": at, **values}))

    def _within(self, promise: str, after: datetime, most: float = 0.95) -> datetime:
        """An instant that keeps the promise, mostly; a few are late, and a few of those very."""
        clock = self._clock(promise)
        if clock is None:
            return self._later(after)
        share = self.rng.betavariate(1.6, 3.4) * most
        if self._chance(0.012):
            share = self.rng.uniform(1.02, 1.9)
        return max(self._part_of(clock, share), self._part_of(clock, 0.04, after))

    def _later(self, at: datetime) -> datetime:
        """A while later: some minutes of the unit's time, and never much of a short promise."""
        clock = self._clock(Promise.RESOLVE)
        if clock is None:
            return at + timedelta(minutes=self.rng.randint(5, 40))
        length = (clock.length.delta * self.rng.uniform(0.01, 0.06)).total_seconds()
        return self._part_of(clock, min(length, self.rng.randint(300, 3000)) / clock.length.delta.total_seconds(), at)

    def _clock(self, promise: str) -> Clock | None:
        return next((c for c in self.book.running(self.petition) if c.promise == promise), None)

    def _part_of(self, clock: Clock, share: float, start: datetime | None = None) -> datetime:
        """So much of the promise's length after its start (or another one), in its own kind of time."""
        start = start or clock.started_at
        length = clock.length.delta * share
        return terms.calendar().add(start, length) if clock.length.working else start + length

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _one(self, people: list[User]) -> User:
        return self.rng.choice(people)

    def _head(self) -> User:
        return self._one(self.staff.heads[self.unit.pk])


def ruled(units: Sequence[Unit], lead: int | None, rng: random.Random) -> Unit:
    """Of the units that dispute it the one that leads the item by the catalogue, if it is among them."""
    return next((unit for unit in units if unit.pk == lead), rng.choice(units))
