"""An administrator takes people on, with a first password."""

import pytest
from django.test import Client

from accounts.models import User
from tests.cast import Cast

ADD = "/admin/accounts/user/add/"
PHRASE = "a long enough phrase"
GIVEN = {"username": "newcomer", "name": "周新", "password1": PHRASE, "password2": PHRASE}


@pytest.fixture
def admin_client(cast: Cast, client: Client) -> Client:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True, is_superuser=True)
    client.force_login(User.objects.get(pk=cast.admin.pk))
    return client


def test_a_newcomer_can_sign_in_with_the_first_password(admin_client: Client) -> None:
    answer = admin_client.post(ADD, GIVEN)
    person = User.objects.get(username="newcomer")
    assert answer["Location"] == f"/admin/accounts/user/{person.pk}/change/"
    assert (person.name, person.is_staff) == ("周新", False)
    signed_in = Client().post("/account/login/", {"login": "newcomer", "password": GIVEN["password1"]})
    assert signed_in.status_code == 302


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"password1": "short", "password2": "short"}, "至少 10 个字符"),
        ({"password2": "another long phrase"}, "不一致"),
        ({"username": ""}, "必填"),
        ({"username": "operator"}, "已存在"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(admin_client: Client, given: dict[str, str], sentence: str) -> None:
    assert sentence in admin_client.post(ADD, GIVEN | given).content.decode()
    assert not User.objects.filter(username="newcomer").exists()


def test_who_is_no_administrator_finds_no_door(cast: Cast, client: Client) -> None:
    client.force_login(cast.operator)
    assert client.get(ADD).status_code in {302, 403, 404}
