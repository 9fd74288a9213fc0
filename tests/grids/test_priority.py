"""Which colour the rules of domain §3.6 advise, and that the page tells it to whom it concerns."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pytest
from django.test import Client

from grids.models import Care
from grids.priority import advised
from tests.cast import Cast
from tests.grids.homes import home, lives


class Need(NamedTuple):
    category: str
    degree: str = ""


@dataclass
class Somebody:
    age: int | None
    cares: list[Need] = field(default_factory=list)


def of(age: int | None, *cares: str, degree: str = "") -> Somebody:
    return Somebody(age, [Need(care, degree) for care in cares])


@pytest.mark.parametrize(
    ("people", "said", "colour"),
    [
        ([of(82)], {}, "red"),
        ([of(81), of(78)], {}, "red"),
        ([of(82), of(50)], {}, "green"),
        ([of(None, "over_80", "alone")], {}, "red"),
        ([of(45, "no_self_care")], {}, "red"),
        ([of(45, "no_self_care"), of(44)], {}, "green"),
        ([of(50, "serious_illness", degree="近期突发"), of(48)], {}, "red"),
        ([of(50, "serious_illness"), of(48)], {}, "orange"),
        ([of(40), of(9, "child_in_need")], {}, "orange"),
        ([of(55, "bereaved"), of(54)], {}, "orange"),
        ([of(30, "disability", degree="一级"), of(31)], {}, "orange"),
        ([of(30, "disability", degree="三级"), of(31)], {}, "green"),
        ([of(30)], {"welfare": "低保"}, "orange"),
        ([of(67), of(66)], {}, "yellow"),
        ([of(30), of(29)], {"renting": True}, "yellow"),
        ([of(30), of(29)], {"complained": True}, "yellow"),
        ([of(58, "veteran"), of(55)], {}, "yellow"),
        ([of(30), of(29), of(None)], {}, "green"),
        ([], {}, "green"),
    ],
)
def test_the_most_urgent_rule_counts(people: list[Somebody], said: dict[str, str | bool], colour: str) -> None:
    assert advised(people, **said) == colour  # type: ignore[arg-type]


def test_the_page_advises_a_more_urgent_colour_and_does_not_say_why(client: Client, cast: Cast) -> None:
    household = home(cast)
    address = f"/homes/{household.pk}/"
    client.force_login(cast.worker)
    wang = lives(cast, household, born_on=date(1944, 8, 11))
    Care.objects.create(resident=wang, category=Care.Category.ALONE, since=date(2026, 11, 16))
    page = client.get(address).content.decode()
    assert "建议列为红色户" in page
    assert "独居" not in page.split("<main")[1].split("记下这次走访")[0]
    household.colour = "red"
    household.save(update_fields=["colour"])
    assert "建议列为" not in client.get(address).content.decode()


def test_less_urgent_is_left_to_who_knows_the_people(client: Client, cast: Cast) -> None:
    household = home(cast, colour="orange")
    lives(cast, household, born_on=date(1990, 1, 1))
    client.force_login(cast.worker)
    assert "建议列为" not in client.get(f"/homes/{household.pk}/").content.decode()
