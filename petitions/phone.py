"""A telephone rings, is answered, is hung up: signed, heard once, and on the desk of whoever answers it."""

import hmac
import re
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import phones
from accounts.models import User
from accounts.notnow import NotNow
from accounts.sealing import Unreadable
from grids.models import Duty
from grids.scope import holds
from petitions.models import IncomingCall, PhoneEvent, PhoneExtension, PhoneSystem

WINDOW = timedelta(minutes=5)  # that a signature holds, either way
EVENTS_KEPT_FOR = timedelta(days=1)  # far longer than any signature holds
DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    PhoneSystem.Digest.SM3: hashes.SM3,
    PhoneSystem.Digest.SHA256: hashes.SHA256,
}
SHORT = re.compile(r"[0-9+*#]{1,24}")  # service numbers and the numbers of a house exchange


def signature(system: PhoneSystem, timestamp: str, body: bytes) -> str:
    digest = HMAC(system.secret.encode(), DIGESTS[system.digest]())
    digest.update(timestamp.encode() + b"." + body)
    return digest.finalize().hex()


def is_signed(system: PhoneSystem, timestamp: str, body: bytes, given: str) -> bool:
    if not system.secret or isinstance(system.secret, Unreadable):
        return False
    return hmac.compare_digest(signature(system, timestamp, body).encode(), given.lower().encode())


def is_timely(timestamp: str, at: datetime) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,11}", timestamp)) and abs(at.timestamp() - int(timestamp)) <= WINDOW.seconds


def hear(system: PhoneSystem, event: dict[str, Any], *, at: datetime) -> IncomingCall:
    """Raises NotNow for what was heard before or comes out of turn, ValidationError for an agent nobody knows."""
    with transaction.atomic():
        _once(system, event["event_id"], at)
        call = _ring(system, event) if event["event"] == "ringing" else _known(system, event["call_id"])
        match event["event"]:
            case "answered":
                _answer(call, event["at"])
            case "hangup":
                _hang_up(call, event["at"], event.get("duration"))
    return call


def forget(at: datetime) -> int:
    """Events whose signature no longer holds, and the numbers of calls that became no petition."""
    PhoneEvent.objects.filter(received_at__lt=at - EVENTS_KEPT_FOR).delete()
    return IncomingCall.objects.prune(at)


def _once(system: PhoneSystem, event_id: str, at: datetime) -> None:
    try:
        with transaction.atomic():
            PhoneEvent.objects.create(system=system, event_id=event_id, received_at=at)
    except IntegrityError:
        raise NotNow("这个事件已经收到过。") from None


def _ring(system: PhoneSystem, event: dict[str, Any]) -> IncomingCall:
    """Again, when the call goes on to another agent."""
    extension = event.get("extension", "")
    operator = _operator(system, extension, event.get("username", ""))
    rung = {"operator": operator, "extension": extension}
    first = rung | {"number": _spelled(event.get("number", "")), "rang_at": event["at"]}
    calls = IncomingCall.objects.select_for_update(no_key=True, of=("self",))
    call, fresh = calls.get_or_create(system=system, call_id=event["call_id"], defaults=first)
    if call.ended_at:
        raise NotNow("这通来电已经挂断。")
    if not fresh:
        _note(call, **rung)
    return call


def _known(system: PhoneSystem, call_id: str) -> IncomingCall:
    call = IncomingCall.objects.select_for_update(no_key=True).filter(system=system, call_id=call_id).first()
    if call is None:
        raise NotNow("还没有收到这通来电的振铃事件。")
    if call.ended_at:
        raise NotNow("这通来电已经挂断。")
    return call


def _answer(call: IncomingCall, at: datetime) -> None:
    if call.answered_at:
        raise NotNow("这通来电已经接听。")
    _note(call, answered_at=at)


def _hang_up(call: IncomingCall, at: datetime, seconds: int | None) -> None:
    if seconds is None and call.answered_at:
        seconds = max(0, int((at - call.answered_at).total_seconds()))
    _note(call, ended_at=at, seconds=seconds)


def _note(call: IncomingCall, **values: Any) -> None:
    for name, value in values.items():
        setattr(call, name, value)
    call.save(update_fields=list(values))


def _operator(system: PhoneSystem, extension: str, username: str) -> User:
    if extension:
        row = PhoneExtension.objects.filter(system=system, number=extension).select_related("user").first()
        user = row.user if row else None
    else:
        user = User.objects.filter(username=username).first()
    if user is None or not holds(user, Duty.OPERATOR):
        raise ValidationError({"extension" if extension else "username": "没有登记这个坐席，或其现在不任坐席。"})
    return user


def _spelled(number: str) -> str:
    """As callers are found again; what cannot be called back is kept as it is, and a withheld number is none."""
    try:
        return phones.canonical(number, demo=settings.DEMO)
    except phones.NotAPhone:
        return number if SHORT.fullmatch(number) else ""
