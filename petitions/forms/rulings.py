"""A row of the dispatch catalogue is worded anew, or ended."""

from typing import Any, ClassVar

from django import forms

from petitions import choices
from petitions.forms.register import Named
from petitions.forms.returns import split
from petitions.forms.words import Words
from petitions.models import Ruling


class RulingForm(forms.Form):
    item = Named("item", "items", label="事项")
    place = Named("place", "places", label="适用范围", help_text="街道、社区或网格，连同其下各级；全市填“寿光市”")
    words = Words(
        label="关键词", most=60, required=False, help_text="用顿号分开；诉求里全部出现才适用，不填则整个事项都适用"
    )
    unit = Named("unit", "units", label="承办单位")
    basis = Words(label="裁定依据", most=300, rows=2)

    lists: ClassVar = {"items": choices.item_options, "places": choices.place_options, "units": choices.unit_options}

    def __init__(self, data: Any = None, *, ruling: Ruling) -> None:
        first = {name: getattr(ruling, name) for name in ("item", "place", "unit", "basis")}
        super().__init__(data, initial=first | {"words": ruling.said_words})

    def clean_words(self) -> list[str]:
        words, problem = split(self.cleaned_data["words"])
        if problem:
            self.add_error("words", problem)
        return words

    @property
    def datalists(self) -> list[tuple[str, Any]]:
        return [(name, options()) for name, options in self.lists.items()]


class EndForm(forms.Form):
    why = Words(label="停用理由", most=200)
