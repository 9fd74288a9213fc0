"""The doors of Open311: reading is open to everybody, reporting needs the key of somebody who may register."""

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from accounts import lockout
from accounts.models import ApiKey, User
from grids.models import CITY_CODE
from grids.scope import holds
from petitions import choices
from petitions.models import Petition
from petitions.open311 import asked, catalogue, telling
from petitions.open311.answers import Refused, answer, refusal
from petitions.open311.reporting import report
from petitions.permissions import REGISTRARS

MINUTE = timedelta(minutes=1)
READING = lockout.Door("open311-read", allowed=300, within=MINUTE, rest=MINUTE)
WRITING = lockout.Door("open311-write", allowed=60, within=MINUTE, rest=MINUTE)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
READS = ("GET", "HEAD")
View = Callable[..., HttpResponse]


def door(*methods: str) -> Callable[[View], View]:
    """However it goes, the answer has the shape that was asked for."""

    def decorated(view: View) -> View:
        @functools.wraps(view)
        def opened(request: HttpRequest, form: str = "json", **named: str) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Refused(405, "不支持这种请求方法。")
                _knock(READING, get_adapter().get_client_ip(request))
                said = request.POST if request.method == "POST" else request.GET
                if said.get("jurisdiction_id", CITY_CODE) not in ("", CITY_CODE):
                    raise Refused(404, f"jurisdiction_id：本接口只服务寿光市（{CITY_CODE}），可以不填。")
                return view(request, form, **named)
            except Refused as refused:
                return refusal(form, refused)
            except (RequestDataTooBig, TooManyFieldsSent):
                return refusal(form, Refused(413, "提交的内容太大，请减小后重试。"))
            except (SuspiciousOperation, BadRequest):
                return refusal(form, Refused(400, "请求无法读取。"))

        return csrf_exempt(opened)

    return decorated


@door(*READS)
def services(request: HttpRequest, form: str) -> HttpResponse:
    return answer(form, "services", catalogue.services())


@door(*READS)
def definition(request: HttpRequest, form: str, code: str) -> HttpResponse:
    item = choices.items().get(code.upper())
    if item is None:
        raise Refused(404, "service_code：没有这项服务。")
    return answer(form, "service_definition", catalogue.definition(item))


@door(*READS, "POST")
def requests(request: HttpRequest, form: str) -> HttpResponse:
    if request.method == "POST":
        return _reported(request, form)
    found = asked.wanted(request.GET.dict(), timezone.now())
    return answer(form, "service_requests", telling.told(found))


@door(*READS)
def one(request: HttpRequest, form: str, number: str) -> HttpResponse:
    return answer(form, "service_requests", telling.told([asked.one(number)]))


@door(*READS)
def token(request: HttpRequest, form: str, token: str) -> HttpResponse:
    """For whoever reported and did not hear the answer: the token is the submission, and nobody can guess it."""
    try:
        found = Petition.objects.filter(submission=UUID(token)).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(404, "token：没有这个提交标识。")
    return answer(form, "service_requests", [{"service_request_id": found.number, "token": str(found.submission)}])


@door(*READS, "POST")
def nothing(request: HttpRequest, form: str, path: str = "") -> HttpResponse:
    raise Refused(404, "没有这个地址；格式只有 json 和 xml。")


def _reported(request: HttpRequest, form: str) -> HttpResponse:
    if request.content_type not in FORMS:
        raise Refused(415, "请用表单编码（application/x-www-form-urlencoded）提交。")
    request.user = by = _registrar(request)
    _knock(WRITING, str(by.pk))
    media = request.FILES.getlist("media")
    petition, fresh = report(request, request.POST.dict(), media, by=by)  # type: ignore[arg-type]
    told = {
        "service_request_id": petition.number,
        "token": str(petition.submission),
        "service_notice": f"查询码 {petition.lookup_code}，请告知诉求人；在网页 /public/ 凭编号和查询码查询进度。",
        "account_id": None,
    }
    return answer(form, "service_requests", [told], status=201 if fresh else 200)


def _registrar(request: HttpRequest) -> User:
    key = ApiKey.objects.matching(request.POST.get("api_key", ""))
    if key is None:
        _knock(lockout.API_KEY_FROM, get_adapter().get_client_ip(request))
        raise Refused(403, "api_key：缺少接口密钥，或密钥无效、已吊销。")
    if not holds(key.user, *REGISTRARS.duties):
        raise Refused(403, "api_key：密钥的主人没有登记诉求的职责。")
    return key.user


def _knock(knocked: lockout.Door, who: Any) -> None:
    now = timezone.now()
    if until := lockout.knock(knocked, str(who), at=now):
        wait = max(1, int((until - now).total_seconds()))
        raise Refused(429, "请求过于频繁，请稍后再试。", wait=wait)
