"""Doors that close after too many knocks: sign-in per account and per address, public forms per address."""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from accounts.models import Knock


@dataclass(frozen=True)
class Door:
    """Open for `allowed` knocks within `within`; the last of them closes it for `rest`."""

    name: str
    allowed: int
    within: timedelta
    rest: timedelta


QUARTER = timedelta(minutes=15)
SIGN_IN = Door("sign-in", allowed=5, within=QUARTER, rest=QUARTER)
# A street office sits behind one address: wide enough for people, narrow enough for a machine that guesses.
SIGN_IN_FROM = Door("sign-in-from", allowed=50, within=QUARTER, rest=QUARTER)
API_KEY_FROM = Door("api-key-from", allowed=50, within=QUARTER, rest=QUARTER)
LOOK_UP = Door("look-up", allowed=10, within=QUARTER, rest=QUARTER)  # wrong codes for one petition's number
PUBLIC_FORM = Door("public-form", allowed=30, within=timedelta(minutes=10), rest=timedelta(minutes=10))
HOUR = timedelta(hours=1)
# A whole village of phones may share one address: the first reports are free, the next ones cost a sum in words.
REPORT_FREELY = Door("report-freely", allowed=3, within=HOUR, rest=HOUR)
REPORT = Door("report", allowed=60, within=HOUR, rest=HOUR)


def knock(door: Door, who: str, *, at: datetime) -> datetime | None:
    """Count one knock; None when the door was open, else the instant it opens again.

    The knock is counted before the password is looked at, in one statement, so that a hundred guesses
    sent at once are counted as a hundred.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            KNOCK,
            {
                "door": _digest(door, who),
                "at": at,
                "stale": at - door.within,
                "allowed": door.allowed,
                "until": at + door.rest,
            },
        )
        count, until = cursor.fetchone()
    return until if count > door.allowed else None


def is_closed(door: Door, who: str, *, at: datetime) -> bool:
    """Only looked at, not knocked."""
    return Knock.objects.filter(door=_digest(door, who), until__gt=at).exists()


def take_back(door: Door, who: str) -> None:
    """That knock was no failure: it does not count, and does not keep the door closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_knock SET count = count - 1, until = CASE WHEN count > %s THEN until END WHERE door = %s",
            [door.allowed, _digest(door, who)],
        )


def open_again(door: Door, who: str) -> None:
    Knock.objects.filter(door=_digest(door, who)).delete()


def forget(*, before: datetime) -> int:
    return Knock.objects.filter(since__lt=before).delete()[0]


def _digest(door: Door, who: str) -> str:
    # Never the words themselves: people type passwords into the name field.
    spelled = unicodedata.normalize("NFKC", who).strip().casefold()
    return hmac.new(settings.SECRET_KEY.encode(), f"{door.name}\0{spelled}".encode(), hashlib.sha256).hexdigest()


# A knock at a closed door is counted and lengthens nothing; an old count starts anew.
KNOCK = """
INSERT INTO accounts_knock AS k (door, count, since, until)
VALUES (%(door)s, 1, %(at)s, CASE WHEN %(allowed)s = 1 THEN %(until)s::timestamptz END)
ON CONFLICT (door) DO UPDATE SET
    count = CASE WHEN k.until > %(at)s THEN k.count + 1
                 WHEN k.until IS NOT NULL OR k.since <= %(stale)s THEN 1
                 ELSE k.count + 1 END,
    since = CASE WHEN k.until > %(at)s THEN k.since
                 WHEN k.until IS NOT NULL OR k.since <= %(stale)s THEN %(at)s
                 ELSE k.since END,
    until = CASE WHEN k.until > %(at)s THEN k.until
                 WHEN k.until IS NOT NULL OR k.since <= %(stale)s THEN NULL
                 WHEN k.count + 1 >= %(allowed)s THEN %(until)s::timestamptz END
RETURNING count, until
"""
