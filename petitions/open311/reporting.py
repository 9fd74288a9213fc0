"""A report from other software: GeoReport's words put into the call form, its refusals put back into GeoReport's."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.request import Request

from accounts.models import User
from petitions import choices, intake
from petitions.api import take_call
from petitions.forms.attachments import Photos
from petitions.models import Petition
from petitions.open311.answers import Refused
from petitions.serializers.headers import submission_of
from petitions.serializers.registration import RegistrationSerializer

# Where GeoReport's own words go; a report on the spot comes from residents, or from who answers for the place.
FIELDS = {
    "address": "address_string",
    "place": "address_id",
    "longitude": "long",
    "latitude": "lat",
    "caller_phone": "phone",
    "nature": "attribute[nature]",
    "happened_at": "attribute[happened_at]",
    "wish": "attribute[wish]",
    "confidential": "attribute[confidential]",
}
CALLED = FIELDS | {"content": "description", "item": "service_code", "caller_name": "last_name"}
FROM_RESIDENTS, FROM_GRIDS = "SSP", "GRID"
YES, NO = ("yes", "true", "1"), ("no", "false", "0")
web_address = forms.URLField(max_length=500, assume_scheme="https")


def report(
    request: Request, said: Mapping[str, str], media: Sequence[UploadedFile], *, by: User
) -> tuple[Petition, bool]:
    """The petition, and whether it is new. Nothing is fetched from a `media_url`: people open it. Photos that come
    along as `media` are a resident's: what the phone wrote into them is taken out.
    """
    try:
        photos = _photos(media)
        shape = RegistrationSerializer(data=_in_our_words(said, by))
        shape.is_valid(raise_exception=True)
        submission = submission_of(request, None)
        return take_call(shape.validated_data | {"submission": submission}, photos, by=by), True
    except intake.SavedBefore as before:
        if not before.hers:
            raise Refused(409, "Idempotency-Key：这个提交标识已被别人使用，请换一个。") from None
        return before.petition, False
    except Invalid as problem:
        raise Refused(400, *_sentences(problem.detail)) from None


def _photos(media: Sequence[UploadedFile]) -> list[UploadedFile]:
    try:
        return Photos(required=False).clean(media)
    except ValidationError as problem:
        raise Refused(400, *(f"media：{sentence}" for sentence in problem.messages)) from None


def _in_our_words(said: Mapping[str, str], by: User) -> dict[str, Any]:
    item = choices.items().get(said.get("service_code", "").strip().upper())
    if item is None:
        raise Refused(400, "service_code：没有这项服务，请从服务目录里选。")
    ours = {name: said[theirs].strip() for name, theirs in FIELDS.items() if said.get(theirs, "").strip()}
    if "confidential" in ours and ours["confidential"].lower() not in (*YES, *NO):
        raise Refused(400, "attribute[confidential]：只能是 yes、no。")
    ours["confidential"] = ours.get("confidential", "").lower() in YES  # type: ignore[assignment]
    name = " ".join(part.strip() for part in (said.get("last_name", ""), said.get("first_name", "")) if part.strip())
    ours["caller_name"] = name if name.isascii() else name.replace(" ", "")
    anonymous = not (ours["caller_name"] or ours.get("caller_phone"))
    return ours | {
        "item": item.code,
        "content": _content(said) or f"{item.name}（未附说明）",
        "channel": FROM_RESIDENTS if intake.accepts(by) else FROM_GRIDS,
        "anonymous": anonymous,
    }


def _content(said: Mapping[str, str]) -> str:
    words, media = said.get("description", "").strip(), said.get("media_url", "").strip()
    if not media:
        return words
    try:
        return f"{words}\n附图地址：{web_address.clean(media)}".strip()
    except ValidationError:
        raise Refused(400, "media_url：应为 500 字以内的网址。") from None


def _sentences(detail: Any) -> list[str]:
    if not isinstance(detail, dict):
        return [str(sentence) for sentence in detail]
    return [
        f"{CALLED.get(name, name)}：{sentence}" if name != "non_field_errors" else str(sentence)
        for name, sentences in detail.items()
        for sentence in sentences
    ]
