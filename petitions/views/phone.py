"""A telephone system's door, and the line on the desk that says who is calling."""

import re
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import lockout
from grids.models import Duty
from grids.scope import holds
from petitions import phone
from petitions.forms import drafts
from petitions.models import IncomingCall, PhoneSystem
from petitions.serializers.phone import PhoneEventSerializer

SYSTEM, TIMESTAMP, SIGNATURE = "X-Shouyang-System", "X-Shouyang-Timestamp", "X-Shouyang-Signature"
NAME = re.compile(r"[a-z0-9-]{1,20}")
SHOWN = 4
STOP = 286  # htmx ceases to ask


class Signed(BaseAuthentication):
    """The system's key over the time and the body as they came; what is wrong is not told before the key is right."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, PhoneSystem]:
        at, timestamp = timezone.now(), request.headers.get(TIMESTAMP, "")
        code = request.headers.get(SYSTEM, "")
        system = PhoneSystem.objects.filter(code=code, active=True).first() if NAME.fullmatch(code) else None
        given = request.headers.get(SIGNATURE, "")
        if system is None or not phone.is_signed(system, timestamp, request.body, given):
            address = get_adapter().get_client_ip(request)
            closed = lockout.knock(lockout.API_KEY_FROM, address, at=at)
            raise AuthenticationFailed("签名尝试次数过多，请稍后再试。" if closed else "签名无效。")
        if not phone.is_timely(timestamp, at):
            raise AuthenticationFailed("时间戳超出五分钟，请核对话务系统的时钟。")
        return AnonymousUser(), system

    def authenticate_header(self, request: Request) -> str:
        return 'HMAC realm="shouyang"'


@extend_schema(exclude=True)
class Hook(APIView):
    authentication_classes = (Signed,)
    permission_classes = ()
    throttle_classes = ()

    def post(self, request: Request) -> Response:
        event = PhoneEventSerializer(data=request.data)
        event.is_valid(raise_exception=True)
        system: Any = request.auth
        call = phone.hear(system, event.validated_data, at=timezone.now())
        return Response({"call_id": call.call_id, "seconds": call.seconds})


@never_cache
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds while the page is looked at: one query, and nothing to draw when nothing has changed."""
    if not request.user.is_authenticated:
        return render(request, "petitions/calls/_signed_out.html", status=401)
    if not holds(request.user, Duty.OPERATOR):
        return HttpResponse(status=STOP)
    waiting = list(IncomingCall.objects.of(request.user).waiting(timezone.now())[: SHOWN + 1])
    written = drafts.submission_of(request.GET, "open")
    shown = [call for call in waiting if call.submission != written][:SHOWN]
    state = "-".join(f"{call.pk}{'e' if call.ended_at else ''}" for call in shown)
    if state == request.GET.get("seen", ""):
        return HttpResponse(status=204)
    return render(request, "petitions/calls/_calls.html", {"calls": shown, "state": state, "open": written})
