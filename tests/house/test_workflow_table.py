"""The workflow as a table that a civil servant could review: complete, reachable, and every entry said in Chinese."""

import re

import pytest
from django.conf import settings

from petitions import workflow
from petitions.hindrances import _QUESTIONS
from petitions.models import FINISHED, Effect, Promise, Status
from petitions.rules import IN_CHARGE, NOT_BUTTONS, RULES, TICK_SENTENCES
from shouyang.celery import app

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Where the verb itself decides: a registration, and what follows from a call-back.
TARGETS = {"register": (Status.RECEIVED, Status.AWAITING_DISPATCH)}


@pytest.mark.parametrize("action", RULES)
def test_every_action_has_a_label_a_sentence_and_somebody_who_may(action: str) -> None:
    rule = RULES[action]
    assert CHINESE.search(rule.label)
    assert CHINESE.search(rule.sentence)
    assert rule.who or rule.by_resident or rule.by_clock


@pytest.mark.parametrize("action", sorted(set(RULES) - NOT_BUTTONS - {"attach"}))
def test_every_button_is_a_verb(action: str) -> None:
    assert callable(getattr(workflow, action))


def test_every_state_is_reached_and_none_that_is_open_is_a_dead_end() -> None:
    reached: set[str] = set()
    fresh = set(TARGETS["register"])
    while fresh:
        reached |= fresh
        fresh = {rule.target for rule in RULES.values() if rule.target and set(rule.sources) & reached} - reached
    assert reached == set(Status)
    leaving = {source for rule in RULES.values() if rule.target not in (None, *rule.sources) for source in rule.sources}
    assert set(Status) - leaving == {Status.ARCHIVED}


def test_what_ends_a_petition_keeps_every_promise_or_has_none_left() -> None:
    running: dict[str, set[str]] = {status: set() for status in Status}
    running[Status.RECEIVED], running[Status.AWAITING_DISPATCH] = {Promise.ACCEPT}, {Promise.DISPATCH}
    for _ in range(len(RULES) * 3):  # until nothing changes
        for rule in RULES.values():
            for source in rule.sources:
                if rule.target:
                    running[rule.target] |= (running[source] - set(rule.keeps)) | set(rule.makes) | set(rule.resumes)
    running[Status.MERGED] -= {Promise.CALL_BACK}  # when the main one is done, its other callers are still to be told
    for status in FINISHED:
        assert not running[status], f"{status}: {running[status]}"


def test_every_promise_that_is_made_is_kept_somewhere_and_has_somebody_in_charge() -> None:
    made = {promise for rule in RULES.values() for promise in (*rule.makes, *rule.resumes)} | {Promise.ACCEPT}
    kept = {promise for rule in RULES.values() for promise in rule.keeps}
    assert made <= kept
    assert made <= set(IN_CHARGE)


def test_every_tick_has_a_sentence() -> None:
    assert set(Effect) <= set(TICK_SENTENCES)


def test_a_hindrance_belongs_to_an_action() -> None:
    assert set(_QUESTIONS) <= set(RULES)


@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_every_beat_entry_names_a_task_and_grows_old(entry: str) -> None:
    """A message that nobody took in time is not done later besides: the next one finds the same rows."""
    app.loader.import_default_modules()
    scheduled = settings.CELERY_BEAT_SCHEDULE[entry]
    assert scheduled["task"] in app.tasks
    assert scheduled["options"]["expires"] <= scheduled["schedule"]  # type: ignore[index]
