"""Every refusal of the API as RFC 9457 problem JSON, with a Chinese title and a sentence for each field."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as ModelError
from django.core.signals import got_request_exception
from django.http import Http404, JsonResponse
from django.utils.log import log_response
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.settings import api_settings

from accounts.notnow import NotNow
from shouyang import tracing

CONTENT_TYPE = "application/problem+json"

# Status → the name in `type`, and the title.
KINDS = {
    400: ("invalid", "提交的内容有误"),
    401: ("not-signed-in", "没有登录或密钥无效"),
    403: ("not-allowed", "没有权限"),
    404: ("not-found", "没有找到"),
    405: ("method-not-allowed", "不支持这种请求方法"),
    406: ("not-acceptable", "不能提供所要求的格式"),
    409: ("not-now", "现在不能这样做"),
    413: ("too-large", "提交的内容太大"),
    415: ("unsupported-type", "不支持这种内容类型"),
    429: ("too-many", "请求过于频繁"),
    500: ("fault", "系统出错"),
}


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "提交的内容太大，请减小后重试。"


def answer(error: Exception, context: dict[str, Any]) -> JsonResponse:
    """The exception handler of every API view."""
    request = context["request"]
    known = _known(error)
    if known is None:
        return _fault(error, request)
    errors = list(_fields(known.detail)) if isinstance(known, exceptions.ValidationError) else None
    detail = "；".join(_sentence(line) for line in errors) if errors else str(known.detail)
    response = problem(request.path, known.status_code, detail, errors)
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _fault(error: Exception, request: Any) -> JsonResponse:
    """As Django does for a page: tell who listens, and leave the traceback in the log, once."""
    got_request_exception.send(sender=None, request=request._request)
    response = problem(request.path, 500, "系统出错了，已经记录，请稍后再试。")
    log_response("Internal Server Error: %s", request.path, response=response, request=request, exception=error)
    return response


def problem(path: str, status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JsonResponse:
    name, title = KINDS.get(status, KINDS[400])
    body: dict[str, Any] = {
        "type": f"urn:shouyang:problem:{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": path,
    }
    if request_id := tracing.current.get():
        body["request_id"] = request_id
    if errors is not None:
        body["errors"] = errors
    dumps = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params=dumps)


def _known(error: Exception) -> exceptions.APIException | None:
    match error:
        case exceptions.APIException():
            return error
        case NotNow():
            conflict = exceptions.APIException(error.sentence)
            conflict.status_code = 409
            return conflict
        case Http404():
            return exceptions.NotFound("没有这个对象，或者您看不到它。")
        case PermissionDenied():
            return exceptions.PermissionDenied("您的职责不能做这件事。")
        case ModelError():
            return exceptions.ValidationError(get_error_detail(error))
        case RequestDataTooBig() | TooManyFieldsSent() | TooManyFilesSent():
            return TooLarge()
        case SuspiciousOperation() | BadRequest():
            return exceptions.ParseError("请求无法读取。")
    return None


def _sentence(line: dict[str, str]) -> str:
    return f"{line['field']}：{line['detail']}" if line["field"] else line["detail"]


def _fields(detail: Any, path: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """One line per sentence: which field (dotted, empty for the whole), and what is wrong with it."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            whole = name in (api_settings.NON_FIELD_ERRORS_KEY, "__all__")
            yield from _fields(inner, path if whole else (*path, str(name)))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            yield from _fields(inner, (*path, str(place)) if isinstance(inner, dict) else path)
    else:
        yield {"field": ".".join(path), "detail": str(detail)}
