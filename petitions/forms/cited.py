"""The field for the entry of the knowledge base that an answer rests on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from petitions import knowledge
from petitions.forms.words import Words
from petitions.models import Entry, Petition

MUST_CITE = "直接答复须引用一条在用的知识条目；知识库里没有的，请转派单，或先补一条。"
LONGEST = 100


class Cited(Words):
    """By its number, or its whole title, of those in force today."""

    def __init__(self, *, options_id: str = "", **options: Any) -> None:
        attrs = {"autocomplete": "off"} | ({"list": options_id} if options_id else {})
        options.setdefault("help_text", "知识库里在用条目的编号或完整标题")
        options["error_messages"] = {"required": MUST_CITE}
        super().__init__(most=LONGEST, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Entry | None:
        words = super().clean(value)
        if not words:
            return None
        number, _, _ = words.partition(" ")
        named = Q(title=words)
        if number.isascii() and number.isdigit() and len(number) < 10:
            named |= Q(pk=int(number))
        found = Entry.objects.in_force(timezone.localdate()).filter(named).order_by("pk").first()
        if found is None:
            raise ValidationError("没有这条在用的知识：请填编号或完整标题；过期、停用或没有核对的不能引用。")
        return found


def fitting(petition: Petition) -> list[knowledge.Suggestion]:
    return knowledge.suggested(petition.item, f"{petition.title} {petition.content}", timezone.localdate())


def nothing_to_cite() -> str:
    """Said before anybody has typed an answer that cannot be given."""
    if Entry.objects.in_force(timezone.localdate()).exists():
        return ""
    return "知识库里还没有在用的条目，现在不能直接答复：请分派员或审核督办员写一条，另一人核对后引用；急的请派单。"
