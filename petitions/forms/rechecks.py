"""What somebody else heard when she asked a satisfied caller again."""

from typing import Any

from django import forms

from petitions.forms.register import Chosen
from petitions.forms.words import Words
from petitions.models import DISSATISFIED, Recheck, Satisfied, Solved

Result = Recheck.Result


class RecheckForm(forms.Form):
    result = Chosen(label="结论", choices=Result.choices)
    solved = Chosen(label="问题是否解决", choices=Solved.choices, required=False)
    satisfied = Chosen(label="对办理是否满意", choices=Satisfied.choices, required=False)
    note = Words(label="说明", most=500, rows=3, required=False, help_text="与原回访不一致的，写清诉求人怎么说")

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        result = said.get("result")
        if not result:
            return said
        if result == Result.UNREACHED:
            return said | {"solved": "", "satisfied": ""}
        for name in ("solved", "satisfied"):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, "接通了就要问到，请选一项。")
        unhappy = said.get("satisfied") in DISSATISFIED or said.get("solved") == Solved.NO
        if result == Result.AGREES and unhappy:
            self.add_error("result", "诉求人说没有解决或不满意，结论应为“不一致”或“虚假办结”。")
        if result in Recheck.DEVIATIONS and not said.get("note") and "note" not in self.errors:
            self.add_error("note", "不一致的，请写清诉求人怎么说。")
        return said
