"""The rows of what happened to the homes of a grid: events, promises, a year's visits and what they found."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from accounts.sealing import seal_many
from grids.models import HomeEvent, Need, Visit, VisitClock
from shouyang.demo import findings, visiting
from shouyang.demo.copying import NULL, Table, moment, sealed
from shouyang.demo.findings import Found
from shouyang.demo.neighbours import Home, Times

A_YEAR = timedelta(days=365)
BY_PHONE = {"red": 0.3, "orange": 0.3, "yellow": 0.35, "green": 0.2}  # where the rule allows it
BY_THEMSELVES = 0.15  # likewise
THE_SECRETARY = 0.06  # of the visits
NEWS = timedelta(days=150)  # what was found earlier has been answered and filed
UNANSWERED = 0.12  # of what should have been by now


@dataclass(frozen=True, slots=True)
class Call:
    """One visit."""

    home: Home
    by: str
    at: datetime
    found: Found
    met: str = ""  # where it is known beforehand


class Chronicle:
    def __init__(self, times: Times) -> None:
        self.events = Table(HomeEvent, "id", "household_id", "action", "at", "by_id", detail="{}")
        self.clocks = Table(
            VisitClock, "id", "household_id", "colour", "started_on", "due_on", "escalates_on", "rung", "next_tick_on",
            "stopped_at",
        )  # fmt: skip
        self.visits = Table(Visit, "id", "household_id", "by_id", "at", "manner", "met", "finding", "note")
        self.needs = Table(
            Need, "id", "household_id", "kind", "words", "state", "found_by_id", "found_at", "settled_at", "answer"
        )
        self._rules, self._now, self._since = times.rules, times.now, times.now - A_YEAR

    def calls(self, rng: random.Random, homes: Sequence[Home], at_work: Sequence[User]) -> list[Call]:
        """The visits of the last year."""
        worker, secretary = str(at_work[0].pk), str(at_work[-1].pk)
        return [call for home in homes for call in self._calls(rng, home, worker, secretary)]

    def of(
        self, rng: random.Random, homes: Sequence[Home], calls: Sequence[Call], worker: User
    ) -> Iterator[tuple[Table, bytes]]:
        yield self.events, self.events.lines(self._founding(home, worker) for home in homes)
        yield self.clocks, self.clocks.lines(self._promises(homes))
        yield self.visits, self.visits.lines(self._visits(rng, calls))
        yield self.needs, self.needs.lines(self._needs(rng, calls))

    def _calls(self, rng: random.Random, home: Home, worker: str, secretary: str) -> Iterator[Call]:
        """Whoever finds the door shut comes again soon, and meets somebody."""
        before = max(home.story.founded_at, self._since)
        for at in home.story.visits:
            if at < self._since:
                continue
            by = secretary if rng.random() < THE_SECRETARY else worker
            in_vain = visiting.in_vain(rng, before, at)
            if in_vain:
                yield Call(home, by, in_vain, findings.of_kind(rng, "nobody", home.family), "nobody")
            yield Call(home, by, at, findings.found(rng, home.family), "somebody" if in_vain else "")
            before = at

    def _founding(self, home: Home, by: User) -> tuple[str, ...]:
        return str(self.events.number()), str(home.pk), "found", moment(home.story.founded_at), str(by.pk)

    def _promises(self, homes: Sequence[Home]) -> Iterator[tuple[str, ...]]:
        for home in homes:
            for clock in home.story.clocks:
                if clock.stopped_at is None or clock.stopped_at >= self._since:
                    made = clock.promise
                    yield (
                        str(self.clocks.number()), str(home.pk), made.colour, str(made.started_on), str(made.due_on),
                        str(made.escalates_on), str(clock.rung), str(clock.next_tick_on or NULL),
                        moment(clock.stopped_at),
                    )  # fmt: skip

    def _visits(self, rng: random.Random, calls: Sequence[Call]) -> Iterator[tuple[str, ...]]:
        notes = seal_many(call.found.words for call in calls)
        before: dict[int, Counter[str]] = defaultdict(Counter)
        for call, note in zip(calls, notes, strict=True):
            manner, met = self._how(rng, call, before[call.home.pk])
            yield (
                str(self.visits.number()), str(call.home.pk), call.by, moment(call.at), manner, met, call.found.finding,
                sealed(note),
            )  # fmt: skip

    def _how(self, rng: random.Random, call: Call, before: Counter[str]) -> tuple[str, str]:
        """In what manner, and whom they met; `before` counts what kept a promise, which a shut door does not."""
        if call.met == "nobody":
            return "door", call.met
        manner = self._manner(rng, call.home.colour, before)
        before[manner] += 1
        return manner, call.met or ("neighbour" if manner == "door" and rng.random() < 0.05 else "somebody")

    def _manner(self, rng: random.Random, colour: str, before: Counter[str]) -> str:
        rule, dice = self._rules[colour], rng.random()
        most = rule.phone_percent * (before.total() + 1)
        if dice < BY_PHONE[colour] and (before["phone"] + 1) * 100 <= most:
            return "phone"
        return "self" if rule.self_confirmed and dice > 1 - BY_THEMSELVES else "door"

    def _needs(self, rng: random.Random, calls: Sequence[Call]) -> Iterator[tuple[str, ...]]:
        found = [call for call in calls if call.found.finding == "need" and call.at > self._now - NEWS]
        for call, words in zip(found, seal_many(call.found.words for call in found), strict=True):
            settled = call.at + timedelta(days=rng.uniform(2, 30))
            met = settled < self._now and rng.random() > UNANSWERED
            yield (
                str(self.needs.number()), str(call.home.pk), call.found.kind, sealed(words), "met" if met else "open",
                call.by, moment(call.at), moment(settled) if met else NULL, "已办理，并电话告知。" if met else "",
            )  # fmt: skip
