"""A door that nobody opens keeps no promise, and whoever knocked is told what is still to be done."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from grids.models import Household, VisitClock
from tests.cast import Cast
from tests.grids.homes import home
from tests.homes.household import send


def told(client: Client, household: Household, **typed: str) -> str:
    return str(client.get(send(client, household, **typed)["Location"]).content.decode())


@pytest.mark.parametrize(
    ("days", "words"), [(3, "请不晚于 {} 再去"), (0, "请不晚于 {} 再去"), (-10, "已逾期 10 天，请尽快再去")]
)
def test_what_is_still_to_be_done_is_told(worker: Client, cast: Cast, days: int, words: str) -> None:
    household = home(cast)
    due = timezone.localdate() + timedelta(days=days)
    VisitClock.objects.filter(household=household).update(due_on=due)
    page = told(worker, household, met="nobody")
    assert f"无人应答，这次走访还没有完成，{words.format(due)}" in page
    assert "下次走访不晚于" not in page
    assert "下次走访不晚于" in told(worker, household)
