"""What every request of a signed-in person reads, asked in one question in fixed words.

Her session, herself, her postings, her unread notices: the ORM asks four times, and composes each question anew, which
took longer than answering them (`make bench`). Whose session it is stands in the list of sessions that one sees under
“我的登录”; what it finds there counts only if the session itself, signed, names the same person.
"""

import json
from functools import lru_cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib import auth
from django.contrib.auth import middleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.db import connection, models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from grids import scope


def _columns(model: type[models.Model], table: str) -> str:
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


USER_FIELDS = [field.attname for field in User._meta.concrete_fields]
USER = f"SELECT {_columns(User, 'person')} FROM accounts_user AS person WHERE id = %s"
UNREAD = "SELECT count(*) FROM accounts_notice WHERE person_id = %(user)s AND read_at IS NULL"
HELD = scope.POSTINGS % {"user": "person.id", "today": "%(today)s"}
WHO = f"""
SELECT session_data, (SELECT json_agg(json_build_array(duty, unit_id, place_id)) FROM ({HELD}) AS held),
    ({UNREAD % {"user": "person.id"}}), {_columns(User, "person")}
FROM django_session AS session
LEFT JOIN usersessions_usersession AS seen USING (session_key)
LEFT JOIN accounts_user AS person ON person.id = seen.user_id
WHERE session_key = %(session_key)s AND session.expire_date > %(now)s
"""


class SessionStore(db.SessionStore):
    """Its data are plain JSON: Django signs them for stores that others may write to, and this one is our database."""

    person: User | None = None

    def encode(self, session_dict: dict[str, Any]) -> str:
        return json.dumps(session_dict)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            return dict(json.loads(session_data))
        except ValueError:  # of a time when they were signed: its owner signs in anew
            return {}

    def load(self) -> dict[str, Any]:
        asked = {"session_key": self.session_key, "now": timezone.now(), "today": scope.today()}
        with connection.cursor() as cursor:
            cursor.execute(WHO, asked)
            row = cursor.fetchone()
        if row is None:
            self._session_key = None  # what Django does when the row is gone or too old
            return {}
        data, postings, unread, *person = row
        if person[0] is not None:
            self.person = User.from_db(connection.alias, USER_FIELDS, person)
            self.person.remembered["unread"] = unread
            scope.remember(self.person, postings or ())
        return self.decode(data)


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        with connection.cursor() as cursor:
            cursor.execute(USER, [user_id])
            row = cursor.fetchone()
        user = User.from_db(connection.alias, USER_FIELDS, row) if row else None
        return user if user and self.user_can_authenticate(user) else None


class AuthenticationMiddleware(middleware.AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # asked for at once, and then at every turn
            request.user = person_of(request)
        else:
            request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def person_of(request: HttpRequest) -> User | AnonymousUser:
    named = request.session.get(auth.SESSION_KEY)  # reads the session
    person: User | None = getattr(request.session, "person", None)
    if person and person.is_active and named == str(person.pk):
        proof = request.session.get(auth.HASH_SESSION_KEY) or ""
        if constant_time_compare(proof, _proof_of(person.password)):
            return person
    return auth.get_user(request)  # nobody, or a session that Django's longer way has to judge


@lru_cache(maxsize=1024)
def _proof_of(password: str) -> str:
    """What the session of somebody with this (hashed) password carries: the same at every request."""
    return User(password=password).get_session_auth_hash()


def unread(user: User) -> int:
    if "unread" not in user.remembered:
        with connection.cursor() as cursor:
            cursor.execute(UNREAD, {"user": user.pk})
            user.remembered["unread"] = int(cursor.fetchone()[0])
    return int(user.remembered["unread"])
