"""What every request of a signed-in person reads, in fixed words: its session, the person, the unread notices.

The ORM composes these queries anew for each request, which took longer than answering them (`make bench`).
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.utils import timezone

from accounts.models import User


def _columns(model: type[models.Model]) -> str:
    return ", ".join(str(field.column) for field in model._meta.concrete_fields)


SESSION = f"SELECT {_columns(Session)} FROM django_session WHERE session_key = %s AND expire_date > %s"
USER = f"SELECT {_columns(User)} FROM accounts_user WHERE id = %s"
UNREAD = "SELECT count(*) FROM accounts_notice WHERE person_id = %s AND read_at IS NULL"
USER_FIELDS = [field.attname for field in User._meta.concrete_fields]


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as cursor:
            cursor.execute(SESSION, [self.session_key, timezone.now()])
            if row := cursor.fetchone():
                return Session(*row)
        self._session_key = None  # what Django does when the row is gone or too old
        return None


class Backend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        with connection.cursor() as cursor:
            cursor.execute(USER, [user_id])
            row = cursor.fetchone()
        user = User.from_db(connection.alias, USER_FIELDS, row) if row else None
        return user if user and self.user_can_authenticate(user) else None


def unread(user: User) -> int:
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [user.pk])
        return int(cursor.fetchone()[0])
