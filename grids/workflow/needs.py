"""A need or a wish is answered: it was met, or it is no longer one."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from accounts.notnow import NotNow
from grids.models import Need
from grids.permissions import VISITORS
from grids.workflow.holding import hold


def settle_need(need: Need, *, state: str, answer: str, key: UUID, by: User, at: datetime) -> None:
    with hold(need.household, key=key, by=by, at=at, duties=VISITORS) as home:
        if home is None:
            return
        open_ones = Need.objects.filter(pk=need.pk, state=Need.State.OPEN)  # the lock on the household holds its needs
        if not open_ones.update(state=state, answer=answer, settled_at=at):
            raise NotNow("这一条已经有了结果，请刷新后再看。")
