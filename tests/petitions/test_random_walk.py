"""Random verbs by random people, with the clocks ringing in between: no way leads where it should not."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.notnow import NotNow
from petitions import clocks, workflow
from petitions.models import Petition
from petitions.rules import ASIDE, NOT_BUTTONS, RULES
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast, call
from tests.petitions.walk import PEOPLE, holds_together, words_for

VERBS = sorted(set(RULES) - NOT_BUTTONS)
WAITS = st.sampled_from([1, 5, 10, 20, 60, 240, 1440, 7200])  # minutes
STEPS = 30
slowly = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@slowly
@given(st.data())
def test_no_way_breaks_what_has_to_hold(cast: Cast, data: Any) -> None:
    at, draw = AT, data.draw
    petition = call(cast, item="A08", urgency="normal")
    for _ in range(draw(st.integers(5, STEPS))):
        at += timedelta(minutes=draw(WAITS))
        if draw(st.integers(0, 5)) == 0:
            clocks.ring_due(at)
        who, open_to_her = _somebody(petition, cast, at, draw)
        onwards = [action for action in open_to_her if action not in ASIDE]
        action = draw(st.sampled_from(onwards or open_to_her or VERBS))
        words = words_for(action, cast, petition, at, draw)
        if words is not None:
            _try(petition, action, {"by": who, "at": at, **words}, open_to_her)
        holds_together(petition, AT)


def _somebody(petition: Petition, cast: Cast, at: datetime, draw: Any) -> tuple[User, list[str]]:
    """Mostly one of those who can do something now; sometimes just anybody."""
    anybody = draw(st.integers(0, 4)) == 0
    who, offered = cast.operator, []
    for name in draw(st.permutations(PEOPLE)):
        who = getattr(cast, name)
        offered = [action for action, why in workflow.available(petition, who, at).items() if not why]
        if anybody or set(offered) - ASIDE:
            break
    return who, offered


def _try(petition: Petition, action: str, words: dict[str, Any], open_to_her: list[str]) -> None:
    """What the page offers is refused only for what was said; what it does not offer leaves nothing behind."""
    before = petition.events.count()
    try:
        getattr(workflow, action)(petition, **words)
    except PermissionDenied:
        assert action not in open_to_her, (action, words)
    except NotNow:
        pass
    else:
        assert action in open_to_her, f"{action} was not offered, and was done"
        assert petition.events.count() > before
        return
    petition.refresh_from_db()
    assert petition.events.count() == before
