"""One hidden field in full, for a reason, on record: shown once, refused where it was asked, seen by the supervisor."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Access
from grids.models import Household, Resident
from tests.cast import Cast
from tests.grids.homes import WANG, home, lives
from tests.homes.household import page


@pytest.fixture
def household(cast: Cast) -> Household:
    return home(cast, colour="yellow")


@pytest.fixture
def wang(cast: Cast, household: Household) -> Resident:
    said: dict[str, Any] = {"id_number": WANG, "phone": "12000000001", "born_on": date(1944, 8, 11), "sex": "female"}
    return lives(cast, household, **said)


class TestUnmask:
    def look(self, client: Client, wang: Resident, **said: str) -> Any:
        form = {"field": f"resident-{wang.pk}-phone", "reason": "约上门时间"} | said
        return client.post(f"/homes/{wang.household_id}/unmask/", form)

    def test_one_field_is_shown_once_and_the_look_is_on_record(
        self, worker: Client, cast: Cast, household: Household, wang: Resident
    ) -> None:
        shown = self.look(worker, wang).content.decode()
        assert "12000000001" in shown
        assert WANG not in shown
        look = Access.objects.get(kind="unmask")
        assert (look.by, look.subject, look.field, look.reason) == (
            cast.worker,
            f"resident:{wang.pk}",
            "联系电话",
            "约上门时间",
        )
        assert "12000000001" not in page(worker, household)

    def test_without_a_reason_nothing_is_shown(self, worker: Client, wang: Resident) -> None:
        answer = self.look(worker, wang, reason="")
        assert answer.status_code == 422
        assert "12000000001" not in answer.content.decode()
        assert "请填写查看事由" in answer.content.decode()
        assert not Access.objects.filter(kind="unmask").exists()

    def test_what_was_refused_comes_back_open_where_it_was_asked(
        self, worker: Client, cast: Cast, household: Household, wang: Resident
    ) -> None:
        lives(cast, household, "李建国", phone="12000000002")
        shown = self.look(worker, wang, field=f"resident-{wang.pk}-id_number", reason="查").content.decode()
        hers, his = re.findall(r'<details class="home-more".*?</details>', shown, re.DOTALL)[:2]
        assert hers.startswith('<details class="home-more" open')
        assert f'value="resident-{wang.pk}-id_number" selected' in hers
        assert 'value="查"' in hers
        assert his.startswith('<details class="home-more">')
        assert shown.count("至少两个字") == 1

    def test_a_field_of_another_home_is_not_shown(self, worker: Client, cast: Cast, wang: Resident) -> None:
        other = lives(cast, home(cast, "601"), "李建国", phone="12000000002")
        answer = self.look(worker, wang, field=f"resident-{other.pk}-phone")
        assert answer.status_code == 422
        assert answer.content.decode().count("这一项现在没有内容") == 1

    def test_who_only_sees_the_home_may_not_look(self, client: Client, cast: Cast, wang: Resident) -> None:
        for name in ("street", "gridsecretary"):
            client.force_login(getattr(cast, name))
            assert self.look(client, wang).status_code == 403

    def test_the_secretary_sees_who_looked_in_her_community(
        self, worker: Client, cast: Cast, household: Household, wang: Resident
    ) -> None:
        self.look(worker, wang)
        household.phone = "12000000005"
        household.save()
        worker.post(f"/homes/{household.pk}/unmask/", {"field": f"household-{household.pk}-phone", "reason": "约时间"})
        Access.objects.create(
            by=cast.worker,
            at=timezone.now(),
            kind="unmask",
            subject="petition:SG2026111600001",
            field="联系电话",
            reason="x",
        )
        worker.force_login(cast.secretary)
        looks = worker.get("/homes/looks/").content.decode()
        assert looks.count("王小燕") == 2
        assert looks.count("王**的联系电话") == 1, "the other one is the home's"
        assert household.dwelling.address in looks
        assert "约上门时间" in looks
        worker.force_login(cast.worker)
        assert worker.get("/homes/looks/").status_code == 403

    def test_the_secretary_sees_who_took_homes_of_hers_along(self, client: Client, cast: Cast) -> None:
        for by, subject, reason in (
            (cast.worker, "homes_full", "上门通知体检"),
            (cast.worker, "petitions", "月报"),
            (cast.officer, "homes_full", "别处的户情"),
        ):
            Access.objects.create(
                by=by, at=timezone.now(), kind="export", subject=subject, field="本网格户情（Excel）", reason=reason
            )
        client.force_login(cast.secretary)
        looks = client.get("/homes/looks/").content.decode()
        assert [said in looks for said in ("上门通知体检", "月报", "别处的户情")] == [True, False, False]
