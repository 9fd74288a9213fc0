"""The list as it is now narrowed, kept under a name."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from petitions.filters import PetitionFilter
from petitions.forms.words import Words
from petitions.models import Petition, SavedFilter
from petitions.rows import SORTS

LONGEST = 500


class SavingForm(forms.Form):
    name = Words(label="名称", most=20)
    query = Words(label="条件", most=LONGEST, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, request: Any) -> None:
        self.request = request
        super().__init__(data)

    def clean_query(self) -> str:
        """Only what narrows or sorts: where one was in the list is not kept."""
        asked = QueryDict(self.cleaned_data["query"], mutable=True)
        narrowed = PetitionFilter(asked, Petition.objects.none(), request=self.request, every=True)
        if narrowed.errors:
            raise ValidationError("这些条件有错，请先改正再保存。")
        for name in list(asked):
            if name not in narrowed.form.fields and not (name == "sort" and asked["sort"] in SORTS):
                del asked[name]
        if not asked:
            raise ValidationError("还没有条件可存，请先筛选。")
        return asked.urlencode()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        kept = SavedFilter.objects.visible_to(self.request.user)
        if not kept.filter(name=name).exists() and kept.count() >= SavedFilter.MOST:
            raise ValidationError(f"最多存 {SavedFilter.MOST} 个，请先去掉不用的。")
        return name
