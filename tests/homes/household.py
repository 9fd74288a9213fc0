"""What somebody types on a household's page."""

from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from grids.models import Household, Place, Resident
from grids.team import Team
from tests.cast import XIANGYANG_1

VISITED = {"manner": "door", "met": "somebody", "finding": "none", "do": "visit"}


def opened(row: Any, **typed: str) -> dict[str, str]:
    """The fields of a row as they were filled in when the page was opened, and what was typed over them."""
    from shouyang.homes.row_forms import form_of

    form = form_of(row, team())
    filled = {form.add_prefix(name): _shown(form[name].value()) for name in form.fields if name != "seen"}
    return filled | {form.add_prefix(name): words for name, words in typed.items()}


def team() -> Team:
    return Team(Place.objects.get(pk=XIANGYANG_1), timezone.localdate())


def send(client: Client, household: Household, *rows: dict[str, str], **typed: Any) -> Any:
    said = VISITED | {"key": str(uuid4())}
    for row in rows:
        said |= row
    return client.post(f"/homes/{household.pk}/", said | typed)


def page(client: Client, household: Household) -> str:
    answer = client.get(f"/homes/{household.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


def grown_up(name: str = "王秀英", **said: Any) -> Resident:
    return Resident(name=name, **said)


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)
