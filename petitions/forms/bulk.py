"""Which petitions go to which unit, all at once."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from accounts.models import User
from petitions import choices
from petitions.forms.register import Named
from petitions.forms.words import Words
from petitions.models import Petition

AT_ONCE = 50


class BulkForm(forms.Form):
    to = Named("unit", "units", label="主办单位")
    opinion = Words(label="派单意见", most=200, rows=2, required=False, help_text="每一件都写同样的意见")

    lists: ClassVar = {"units": choices.unit_options}

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        self.numbers = list(dict.fromkeys(data.getlist("number"))) if data else []
        self.user = user
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if not 1 <= len(self.numbers) <= AT_ONCE:
            raise ValidationError(f"请勾选要派的工单，一次最多 {AT_ONCE} 件。")
        related = Petition.objects.visible_to(self.user).select_related("item", "place", "unit")
        said["petitions"] = list(related.filter(number__in=self.numbers).order_by("registered_at", "id"))
        if len(said["petitions"]) < len(self.numbers):
            raise ValidationError("有的工单没有找到，请刷新后重新勾选。")
        return said

    @property
    def seen(self) -> dict[str, int]:
        said = {number: self.data.get(f"seen-{number}", "") for number in self.numbers}
        return {number: int(words) for number, words in said.items() if words.isascii() and words.isdigit()}

    @property
    def datalists(self) -> list[tuple[str, Any]]:
        return [(name, options()) for name, options in self.lists.items()]
