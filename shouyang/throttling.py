"""How often one account may ask the API: counted in the database, so that every process counts the same."""

from datetime import datetime, timedelta

from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import lockout

MINUTE = timedelta(minutes=1)
READING = lockout.Door("api-read", allowed=1200, within=MINUTE, rest=MINUTE)
WRITING = lockout.Door("api-write", allowed=240, within=MINUTE, rest=MINUTE)


class PerAccount(BaseThrottle):
    opens_at: datetime | None = None

    def allow_request(self, request: Request, view: object) -> bool:
        if not request.user.is_authenticated:
            return True  # refused already, and wrong keys are counted where keys are read
        door = READING if request.method in SAFE_METHODS else WRITING
        self.opens_at = lockout.knock(door, str(request.user.pk), at=timezone.now())
        return self.opens_at is None

    def wait(self) -> float | None:
        return max((self.opens_at - timezone.now()).total_seconds(), 1) if self.opens_at else None
