"""The rows of the hazards that were found on visits: solved on the spot, looked at again, most of them cleared."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from grids.models import Hazard, HazardEvent
from shouyang.demo import findings, stage
from shouyang.demo.chronicle import NEWS, Call
from shouyang.demo.copying import NULL, Table, moment

RECHECK_AFTER = timedelta(days=7)
A_DAY = timedelta(days=1)
FORGOTTEN = 0.12  # of those that should have been looked at by now
AT_ONCE = timedelta(minutes=15)


class Patrols:
    def __init__(self, items: Mapping[str, int], now: datetime) -> None:
        self.hazards = Table(
            Hazard, "id", "item_id", "place_id", "household_id", "address", "words", "after_words", "state",
            "found_by_id", "found_at", "recheck_on", "cleared_at", "version",
        )  # fmt: skip
        self.events = Table(HazardEvent, "id", "hazard_id", "action", "at", "by_id", "note", "detail")
        self._items, self._now = items, now

    def of(
        self, rng: random.Random, grid: str, calls: Sequence[Call], *, on_stage: bool
    ) -> Iterator[tuple[Table, bytes]]:
        rows: list[tuple[str, ...]] = []
        events: list[tuple[str, ...]] = []
        for call in calls:
            if call.found.kind == "hazard" and call.at > self._now - NEWS:
                forgotten = rng.random() < FORGOTTEN and not on_stage
                self._write(grid, call, forgotten, rows, events, early=on_stage)
        if on_stage:
            for call, days in zip(calls[:: max(1, len(calls) // 5)], stage.RECHECKS, strict=False):
                at = self._now.replace(hour=16, minute=20) + timedelta(days=days) - RECHECK_AFTER
                self._write(
                    grid,
                    replace(call, at=at, found=findings.of_kind(rng, "hazard", call.home.family)),
                    True,
                    rows,
                    events,
                )
        yield self.hazards, self.hazards.lines(rows)
        yield self.events, self.events.lines(events)

    def _write(
        self,
        grid: str,
        call: Call,
        forgotten: bool,
        rows: list[tuple[str, ...]],
        events: list[tuple[str, ...]],
        *,
        early: bool = False,
    ) -> None:
        """As the verbs leave it: found, solved, and cleared on the day of looking again, or `early` the day before,
        unless that is to come."""
        pk, found, again = str(self.hazards.number()), call.found, call.at + RECHECK_AFTER
        looked_at = again - A_DAY if early else again
        cleared = None if forgotten or looked_at.date() >= self._now.date() else looked_at
        rows.append((
            pk, str(self._items[found.item]), grid, str(call.home.pk), call.home.address, found.words, found.after,
            "cleared" if cleared else "solved", call.by, moment(call.at), NULL if cleared else str(again.date()),
            moment(cleared), "3" if cleared else "2",
        ))  # fmt: skip
        happened = [("found", call.at, found.words, "{}"), ("solved", call.at + AT_ONCE, found.after, "{}")]
        if cleared:
            happened.append(("rechecked", cleared, "复查时未再发现。", '{"cleared": true}'))
        events += [
            (str(self.events.number()), pk, action, moment(at), call.by, note, detail)
            for action, at, note, detail in happened
        ]
