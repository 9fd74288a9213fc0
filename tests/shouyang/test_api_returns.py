"""Returns and assisting over the API: the same forms, the same sentences."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, call


def asks(client: Client, cast: Cast, who: str, address: str, **said: Any) -> tuple[int, dict[str, Any]]:
    client.force_login(getattr(cast, who))
    answer = client.post(f"/api/v1/petitions/{address}/", said, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_a_petition_is_handed_back_and_ruled_over_the_api(cast: Cast, client: Client) -> None:
    number = call(cast, item="A08").number
    bureau, housing = cast.bureau.pk, cast.construction.pk
    status, told = asks(client, cast, "dispatcher", f"{number}/dispatch", to=bureau, assisting=[housing])
    assert status == 200, told
    assert [unit["id"] for unit in told["assisting"]] == [housing]
    assert told["contact_unit"]["id"] == bureau

    status, told = asks(client, cast, "housing", f"{number}/assist_sign")
    assert status == 200
    status, told = asks(client, cast, "housing", f"{number}/assist_reply", result="已修补")
    assert (status, told["assisting"]) == (200, [])

    said = {"basis": "权责清单", "proposed_unit": housing}
    status, told = asks(client, cast, "officer", f"{number}/hand_back", **said)
    assert status == 400
    assert "请写明情况，或上传材料。" in str(told)
    status, told = asks(client, cast, "officer", f"{number}/hand_back", **said, material="见清单")
    assert (status, told["status"]) == (200, "return_under_review")
    assert told["dispatches"][0]["handed_back"]["basis"] == "权责清单"

    status, told = asks(client, cast, "reviewer", f"{number}/uphold_return", to=bureau)
    assert status == 400
    assert "退单的单位" in str(told)
    status, told = asks(client, cast, "reviewer", f"{number}/dispute", note="两家都有关")
    assert told["status"] == "in_arbitration"
    ruling = {"to": bureau, "basis": "三定规定", "place": "city", "words": "塌陷、路面"}
    status, told = asks(client, cast, "reviewer", f"{number}/arbitrate", **ruling)
    assert (status, told["status"]) == (200, "awaiting_sign")
    assert told["dispatches"][0]["handed_back"]["verdict"] == "rejected"


@pytest.mark.django_db
@pytest.mark.parametrize("units", ["住建局", [], [0], ["x"], [[1]], list(range(99)), None])
def test_units_that_are_none_are_refused(cast: Cast, client: Client, units: object) -> None:
    number = call(cast, item="A08").number
    asks(client, cast, "dispatcher", f"{number}/dispatch", to=cast.bureau.pk)
    status, told = asks(client, cast, "dispatcher", f"{number}/involve", units=units, opinion="请配合")
    assert status == 400, told
