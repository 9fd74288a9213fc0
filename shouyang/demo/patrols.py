"""The rows of the hazards that were found on visits: solved on the spot, looked at again, most of them cleared."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from grids.models import Hazard, HazardEvent
from shouyang.demo import findings, stage
from shouyang.demo.chronicle import NEWS, Call
from shouyang.demo.copying import NULL, Table, moment

SOON = (3, 5, 7, 7, 10)  # days until somebody looks again
FORGOTTEN = 0.12  # of those that should have been looked at by now
AT_ONCE = timedelta(minutes=15)


class Patrols:
    def __init__(self, items: Mapping[str, int], now: datetime) -> None:
        self.hazards = Table(
            Hazard, "id", "item_id", "place_id", "household_id", "address", "words", "after_words", "state",
            "found_by_id", "found_at", "recheck_on", "cleared_at", "version",
        )  # fmt: skip
        self.events = Table(HazardEvent, "id", "hazard_id", "action", "at", "by_id", "note", detail="{}")
        self._items, self._now = items, now

    def of(
        self, rng: random.Random, grid: str, calls: Sequence[Call], *, on_stage: bool
    ) -> Iterator[tuple[Table, bytes]]:
        rows: list[tuple[str, ...]] = []
        events: list[tuple[str, ...]] = []
        today = self._now.date()
        for call in calls:
            if call.found.kind == "hazard" and call.at > self._now - NEWS:
                recheck = call.at.date() + timedelta(days=rng.choice(SOON))
                forgotten = rng.random() < FORGOTTEN and not on_stage
                self._write(grid, call, recheck, recheck > today or forgotten, rows, events)
        if on_stage:
            for call, days in zip(self._shown(rng, calls), stage.RECHECKS, strict=False):
                self._write(grid, call, today + timedelta(days=days), True, rows, events)
        yield self.hazards, self.hazards.lines(rows)
        yield self.events, self.events.lines(events)

    def _shown(self, rng: random.Random, calls: Sequence[Call]) -> Iterator[Call]:
        """As if these visits of a week ago had found something."""
        week = self._now - timedelta(days=7)
        for call in sorted((call for call in calls if call.at < week), key=lambda call: call.at, reverse=True):
            if call.found.finding == "none":
                yield Call(call.home, call.by, call.at, findings.of_kind(rng, "hazard"))

    def _write(
        self,
        grid: str,
        call: Call,
        recheck: date,
        waiting: bool,
        rows: list[tuple[str, ...]],
        events: list[tuple[str, ...]],
    ) -> None:
        pk, found = str(self.hazards.number()), call.found
        cleared = call.at + (recheck - call.at.date()) if not waiting and recheck < self._now.date() else None
        rows.append((
            pk, str(self._items[found.item]), grid, str(call.home.pk), call.home.address, found.words, found.after,
            "cleared" if cleared else "solved", call.by, moment(call.at), NULL if cleared else str(recheck),
            moment(cleared), "3" if cleared else "2",
        ))  # fmt: skip
        happened = [("found", call.at, found.words), ("solved", call.at + AT_ONCE, found.after)]
        if cleared:
            happened.append(("rechecked", cleared, "复查时未再发现。"))
        events += [(str(self.events.number()), pk, action, moment(at), call.by, note) for action, at, note in happened]
