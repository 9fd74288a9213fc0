"""From the call form to its draft and back; and whose form it is, for the moment when the session is gone."""

from typing import Any
from uuid import UUID

from django import forms
from django.core import signing
from django.http import QueryDict

from accounts.models import User
from petitions.forms.register import CallForm
from petitions.models import Draft
from petitions.models.draft import Words

SALT = "call form"
STANDS_FOR = 3 * 24 * 3600  # seconds that a form may lie open and still be rescued
LARGEST = 60_000  # characters; the fields together hold far less

NOT_WORDS = {"submission", "files"}
SEVERAL = {name for name, field in CallForm.base_fields.items() if isinstance(field, forms.MultipleChoiceField)}


def desk_of(user: User) -> str:
    """Stands in the form and says whose it is; nobody else can make one."""
    return signing.dumps(user.pk, salt=SALT)


def written_by(data: QueryDict) -> User | None:
    """Whose form this was, though the session has ended; only good for keeping a draft for that person."""
    try:
        pk = signing.loads(data.get("desk", ""), salt=SALT, max_age=STANDS_FOR)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, is_active=True).first()


def words_of(data: QueryDict) -> Words:
    """The raw words of the form's own fields, valid or not."""
    return {name: data.getlist(name) for name in CallForm.base_fields if name in data and name not in NOT_WORDS}


def has_words(words: Words) -> bool:
    typed = ("caller_phone", "caller_name", "content", "wish", "address", "place", "item", "title", "answer", "reason")
    fits = sum(len(value) for values in words.values() for value in values) <= LARGEST
    return fits and any(value.strip() for name in typed for value in words.get(name, []))


def submission_of(data: QueryDict, name: str = "submission") -> UUID | None:
    try:
        return UUID(data.get(name, ""))
    except ValueError:
        return None


def initial_from(draft: Draft) -> dict[str, Any]:
    words = {name: values if name in SEVERAL else values[-1] for name, values in draft.words.items() if values}
    return words | {"submission": draft.submission}
