"""One question finds the session, the person, her postings and her unread notices; and believes only the session."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import notices
from accounts.models import User
from grids import scope
from shouyang import every_request
from shouyang.every_request import SessionStore, person_of
from tests.cast import MONDAY_TEN as AT
from tests.cast import Cast


def listed(client: Client, cast: Cast, as_if: str = "officer") -> HttpRequest:
    """The request of the officer, whose session stands in the list of sessions (`as_if` under somebody else's name)."""
    client.force_login(cast.officer)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    named = User.objects.get(pk=cast.people[as_if].pk)
    UserSession.objects.update_or_create(session_key=key, defaults={"user": named, "ip": "127.0.0.1"})
    request = HttpRequest()
    request.session = SessionStore(key)
    return request


def test_one_question_answers_everything_about_the_person(client: Client, cast: Cast) -> None:
    notices.tell([cast.officer], key="x", title="新工单待签收", body="", path="/", at=AT)
    held, request = scope.postings_of(cast.officer), listed(client, cast)
    with CaptureQueriesContext(connection) as asked:
        person = person_of(request)
        assert isinstance(person, User)
        assert person.username == "officer"
        assert scope.postings_of(person) == held
        assert every_request.unread(person) == 1
    assert len(asked) == 1


def test_the_list_of_sessions_cannot_make_somebody_of_somebody_else(client: Client, cast: Cast) -> None:
    assert person_of(listed(client, cast, as_if="admin")) == cast.officer


def test_a_new_password_ends_the_session(client: Client, cast: Cast) -> None:
    request = listed(client, cast)
    cast.officer.set_password("another-long-password")
    cast.officer.save()
    assert person_of(request).is_anonymous


def test_who_was_switched_off_is_nobody(client: Client, cast: Cast) -> None:
    request = listed(client, cast)
    cast.officer.is_active = False
    cast.officer.save()
    assert person_of(request).is_anonymous


def test_an_ended_session_is_nobodys(client: Client, cast: Cast) -> None:
    request = listed(client, cast)
    UserSession.objects.get(user=cast.officer).end()
    assert person_of(request).is_anonymous
