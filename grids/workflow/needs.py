"""A need or a wish is answered: it was met, or it is no longer one; who said so, and when, is on record."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import HomeEvent, Need
from grids.permissions import VISITORS
from grids.workflow.holding import Home, hold


def settle_need(need: Need, *, state: str, answer: str, key: UUID, by: User, at: datetime) -> None:
    with hold(need.household, key=key, by=by, at=at, duties=VISITORS) as home:
        if home is not None:
            _settle(home, need, state, answer)


def withdraw_needs(home: Home, why: str) -> None:
    """All that are open, of a home that is held and ends: nobody is there any longer to whom they could be met."""
    for need in home.household.needs.open():
        _settle(home, need, Need.State.WITHDRAWN, why)


def _settle(home: Home, need: Need, state: str, answer: str) -> None:
    open_ones = Need.objects.open().filter(pk=need.pk)  # the lock on the household holds its needs
    if not open_ones.update(state=state, answer=answer, settled_at=home.at):
        raise NotNow("这一条已经有了结果，请刷新后再看。")
    # Words and answer stay in the need alone: what is erased there is nowhere else.
    home.record(HomeEvent.Action.SETTLED, need=need.pk, state=state)
