"""The public words of a case, and why one is taken back."""

from typing import Any

from django import forms

from petitions.cases import originals
from petitions.forms.action import ActionForm
from petitions.forms.register import Chosen
from petitions.forms.words import Words
from petitions.models import Petition, Publication
from petitions.workflow.publishing import tells_who

LONGEST_DIGEST = 300
Level = Publication.Level


class PublishForm(ActionForm):
    """Begins with the words as they were written down, what tells who somebody is covered."""

    level = Chosen(label="公开级别", choices=Level.choices, initial=Level.FULL, help_text="摘要公开的不登诉求原文。")
    title = Words(label="公开标题", most=80)
    question = Words(label="诉求", most=2000, rows=7, required=False)
    answer = Words(label="办理结果", most=2000, rows=7)

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.originals = originals(petition)
        return {name: one.hidden for name, one in self.originals.items()} | {"level": Level.FULL}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("level") == Level.DIGEST:
            said["question"] = ""
            if len(said.get("answer", "")) > LONGEST_DIGEST:
                self.add_error("answer", f"摘要最多 {LONGEST_DIGEST} 个字，现在有 {len(said['answer'])} 个，请删减。")
        elif not said.get("question") and "question" not in self.errors:
            self.add_error("question", "全文公开须写明诉求；不便公开的，请选“摘要公开”。")
        for name in ("title", "question", "answer"):
            if name not in self.errors and (why := tells_who(self.petition, said[name])):
                self.add_error(name, why)
        return said


class WithdrawForm(forms.Form):
    why = Words(label="撤下的理由", most=200)
