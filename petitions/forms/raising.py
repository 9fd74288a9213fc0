"""What a reviewer writes to a leader, from the page of a petition or of a supervision notice."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import User
from grids.models import CITY_CODE, Duty
from grids.scope import holders, holds
from petitions import choices
from petitions.forms.action import ActionForm
from petitions.forms.askings import names_nobody
from petitions.forms.papers import PaperForm
from petitions.forms.register import Chosen
from petitions.forms.words import Words
from petitions.models import Briefing, Petition, SupervisionNotice
from petitions.papers import briefings, digests
from petitions.supervision import PROPOSAL


class Leader(Words):
    """One of the city's leaders by name."""

    def __init__(self, **options: Any) -> None:
        attrs = {"list": "leaders", "autocomplete": "off"}
        super().__init__(most=40, widget=forms.TextInput(attrs=attrs), required=False, **options)

    def clean(self, value: Any) -> User | None:
        words = super().clean(value)
        if not words:
            return None
        leader = holders(Duty.LEADER, Duty.PRINCIPAL_LEADER, place=CITY_CODE).filter(name=words).first()
        if leader is None:
            raise ValidationError("没有这位市领导，请从列表中选。")
        return leader


def leader_options() -> SafeString:
    people = holders(Duty.LEADER, Duty.PRINCIPAL_LEADER, place=CITY_CODE)
    return choices.options([(person.name, "") for person in people])


class BriefingWords(forms.Form):
    duty = Chosen(label="呈报", choices=Briefing.Addressed.choices, initial=Briefing.Addressed.LEADER)
    addressee = Leader(label="指定领导", help_text="不填的，担任这一职务的领导都看得到")
    reason = Words(label="呈报事由", most=200, rows=2, help_text="为什么要请领导批示")
    digest = Words(label="摘要", most=1000, rows=4, help_text="不写诉求人姓名、电话和证件号码")
    proposal = Words(label="拟办意见", most=500, rows=2)

    hint = "呈阅件即刻编号，送到领导手机；批示由市领导办公室转办。"

    def look_ahead(self, petition: Petition) -> None:
        """What stands in the way of the usual addressee is said before anything is typed."""
        self.hint = briefings.why_not_to(petition, Briefing.Addressed.LEADER) or self.hint

    def checked(self, petition: Petition) -> None:
        """What the verb would refuse is said beside its field."""
        said = self.cleaned_data
        duty, addressee = said.get("duty"), said.get("addressee")
        if duty and (why := briefings.why_not_to(petition, duty)):
            self.add_error("duty", why)
        if duty and addressee and not holds(addressee, duty):
            self.add_error("addressee", f"{addressee}不是{Briefing.Addressed(duty).label}，请核对。")
        for name in ("reason", "digest", "proposal"):
            try:
                names_nobody(said.get(name, ""), petition)
            except ValidationError as problem:
                self.add_error(name, problem)


class BriefForm(BriefingWords, ActionForm):
    lists: ClassVar[dict[str, Any]] = {"leaders": leader_options}

    def proposed(self, petition: Petition) -> dict[str, Any]:
        self.look_ahead(petition)
        return {"digest": digests.of_petition(petition, timezone.now()), "proposal": PROPOSAL}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.checked(self.petition)
        return said


class BriefOnNoticeForm(BriefingWords, PaperForm):
    paper: SupervisionNotice

    def proposed(self) -> dict[str, Any]:
        self.look_ahead(self.paper.petition)
        reason = f"督办通知单 {self.paper.number} {self.paper.get_state_display()}"
        return {"reason": reason, "digest": digests.of_notice(self.paper, timezone.now()), "proposal": PROPOSAL}

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        self.checked(self.paper.petition)
        return said

    @property
    def datalists(self) -> list[tuple[str, str]]:
        return [("leaders", leader_options())]
