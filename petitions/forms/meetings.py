"""What is filled in about a meeting."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from grids.models import CITY_CODE
from grids.scope import holders, units_of
from petitions.forms.papers import CHOSEN, Day, Instant, NoteForm, PaperForm, charge_of
from petitions.forms.register import Chosen, Named
from petitions.forms.returns import CITY, REACHES, TOO_NARROW, reached, split
from petitions.forms.units import Units
from petitions.forms.words import Words
from petitions.models import Attendance, Meeting, Topic
from petitions.models.meeting import IN_A_UNIT
from petitions.papers import seats, unsolved


class ArrangeForm(PaperForm):
    title = Words(label="会议名称", most=80)
    convener: Any = forms.ModelChoiceField(None, label="召集人", empty_label="请选择", error_messages=CHOSEN)
    held_at = Instant(label="会议时间")
    venue = Words(label="地点", most=80)
    materials = Words(label="汇报材料", most=4000, rows=4, required=False, help_text="要点，或由谁在会前提供哪些材料")

    paper: Meeting

    def prepare(self) -> None:
        duty = seats.CONVENERS[Meeting.Kind(self.paper.kind)]
        self.fields["convener"].queryset = holders(duty, place=CITY_CODE)  # type: ignore[attr-defined]

    def proposed(self) -> dict[str, Any]:
        if self.paper.pk:
            return {name: getattr(self.paper, name) for name in ("convener", "held_at", "title", "venue", "materials")}
        duty = seats.CONVENERS[Meeting.Kind(self.paper.kind)]
        return {
            "title": self.paper.get_kind_display(),
            "convener": holders(duty, place=CITY_CODE).first(),
            "venue": "社会治理服务中心会议室",
        }

    def meeting(self) -> Meeting:
        said = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return Meeting(kind=self.paper.kind, **said)


class TopicsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, topic: Topic) -> str:
        number = f"{topic.petition.number} " if topic.petition else ""
        return f"{number}{topic.subject}：{topic.reason}"


class AgendaForm(PaperForm):
    topics = TopicsField(None, label="议题", required=False, error_messages={"invalid_choice": "这个议题已不能列入。"})
    hint = "勾选的列入本次议程，按提请先后排序；没有勾选的继续等待。"

    paper: Meeting

    def prepare(self) -> None:
        waiting = Topic.objects.waiting().filter(level=self.paper.kind)
        mine = self.paper.topics.filter(state=Topic.State.ON_AGENDA)
        offered = Topic.objects.filter(
            pk__in=[*waiting.values_list("pk", flat=True)[:60], *mine.values_list("pk", flat=True)]
        )
        self.fields["topics"].queryset = offered.select_related("petition").order_by("raised_at", "id")  # type: ignore[attr-defined]

    def proposed(self) -> dict[str, Any]:
        return {"topics": list(self.paper.topics.filter(state=Topic.State.ON_AGENDA).values_list("pk", flat=True))}


class InviteForm(PaperForm):
    units = Units("units", label="参会单位")

    paper: Meeting

    def proposed(self) -> dict[str, Any]:
        """The units in whose hands the petitions of the agenda are or were."""
        asked = self.paper.attendances.values_list("unit", flat=True)
        topics = self.paper.topics.select_related("petition").prefetch_related("petition__dispatches__unit")
        units = {
            dispatch.unit.name: None
            for topic in topics
            if topic.petition
            for dispatch in topic.petition.dispatches.all()
            if dispatch.unit_id not in asked
        }
        self.hint = "已填上议题诉求的承办单位，可以增减。" if units else ""
        return {"units": list(units)}


class SignInForm(PaperForm):
    unit: Any = forms.ModelChoiceField(None, label="单位", empty_label="请选择", error_messages=CHOSEN)
    name = Words(label="参会人", most=60)

    paper: Meeting

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data  # many sign in at once, and nobody's page grows old by it

    def prepare(self) -> None:
        waiting = Attendance.objects.filter(meeting=self.paper, signed_in_at=None)
        if not seats.secretary(self.user, self.paper):
            waiting = waiting.filter(unit__in=units_of(self.user, *IN_A_UNIT))
        units = self.fields["unit"].queryset = seats.units_in(waiting)  # type: ignore[attr-defined]
        if len(units) == 1:
            self.initial.update(unit=units[0], name=self.user.name)


class TopicField(forms.ModelChoiceField):
    def label_from_instance(self, topic: Topic) -> str:
        return f"{topic.order or ''} {topic.subject}".strip()


class DecideForm(PaperForm):
    topic = TopicField(None, label="议题", required=False, empty_label="不对应议题", error_messages=CHOSEN)
    content = Words(label="议定内容", most=2000, rows=3)
    unit = Named("unit", "units", label="牵头单位", required=False)
    assisting = Units("units", label="配合单位", required=False)
    due_at = Instant(label="完成时限", required=False, coming=True)
    standard = Words(label="验收标准", most=200, required=False)
    hint = "写明牵头单位和时限的，立即成为交办事项，到期自动提醒、逾期亮红。"

    paper: Meeting

    def prepare(self) -> None:
        heard = (Topic.State.ON_AGENDA, Topic.State.DECIDED)
        self.fields["topic"].queryset = self.paper.topics.filter(state__in=heard).select_related("petition")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("unit") and not said.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", "交给单位的事要有完成时限。")
        if said.get("due_at") and not said.get("unit") and "unit" not in self.errors:
            self.add_error("unit", "有完成时限的事要有牵头单位。")
        if said.get("assisting") and not said.get("unit") and "unit" not in self.errors:
            self.add_error("unit", "有配合单位的事要有牵头单位。")
        return said

    def said(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        return said | {"charge": charge_of(said, said["content"])} if said.get("unit") else _bare(said)


def _bare(said: dict[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("seen", "topic", "content")}


class UnsolvedForm(PaperForm):
    topic = TopicField(None, label="议题", empty_label="请选择", error_messages=CHOSEN)
    note = Words(label="为什么未能解决", most=500, rows=2)

    paper: Meeting

    def prepare(self) -> None:
        heard = self.paper.topics.filter(state=Topic.State.ON_AGENDA)
        self.fields["topic"].queryset = heard.select_related("petition")  # type: ignore[attr-defined]


class ReportUpForm(PaperForm):
    topic = TopicField(None, label="议题", empty_label="请选择", error_messages=CHOSEN)
    proposal = Words(label="拟办意见", most=1000, rows=3)
    hint = "生成编号的呈阅件，送市委、市政府主要领导批示。"

    paper: Meeting

    def prepare(self) -> None:
        stuck = unsolved.of(self.paper, timezone.now())
        self.fields["topic"].queryset = stuck.select_related("petition")  # type: ignore[attr-defined]


class TakeDownForm(PaperForm):
    minutes = Words(label="会议情况", most=8000, rows=6)
    dissent = Words(
        label="分歧与保留意见", most=4000, rows=3, required=False, help_text="哪个单位、保留什么意见，照实记录"
    )
    next_review_on = Day(label="下次复盘日", required=False)

    paper: Meeting

    def proposed(self) -> dict[str, Any]:
        return {name: getattr(self.paper, name) for name in ("minutes", "dissent", "next_review_on")}


class RulingForm(PaperForm):
    topic = TopicField(None, label="议题", empty_label="请选择", error_messages=CHOSEN)
    unit = Named("unit", "units", label="今后由谁承办")
    place = Chosen(label="今后适用于", choices=REACHES, initial=CITY)
    words = Words(
        label="关键词", most=60, required=False, help_text="不填则整个事项都适用；填写的，诉求里全部出现才适用"
    )

    paper: Meeting

    def prepare(self) -> None:
        decided = self.paper.topics.filter(state=Topic.State.DECIDED, petition__isnull=False)
        self.fields["topic"].queryset = decided.select_related("petition__item")  # type: ignore[attr-defined]

    def clean_words(self) -> list[str]:
        words, problem = split(self.cleaned_data["words"])
        if problem:
            self.add_error("words", problem)
        return words

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("topic") and said.get("place"):
            place = reached(said["topic"].petition, said["place"])
            if place is None:
                self.add_error("place", TOO_NARROW)
            return said | {"place": place}
        return said


class ReviewForm(PaperForm):
    note = Words(label="复盘情况", most=2000, rows=3)
    next_review_on = Day(label="下次复盘日", required=False, help_text="全部完成的不必再填")


class MatterForm(forms.Form):
    """A topic that comes from no petition."""

    title = Words(label="议题", most=80)
    reason = Words(label="提请事由", most=200)
    level = Chosen(label="上什么会", choices=Meeting.Kind.choices, initial=Meeting.Kind.LEADING_GROUP)

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if Topic.objects.waiting().filter(title=title).exists():
            raise ValidationError("同名的议题已在等待上会。")
        return title


class WithdrawForm(forms.Form):
    note = Words(label="撤回的理由", most=200)


FORMS: dict[str, type[PaperForm]] = {
    "arrange": ArrangeForm,
    "set_agenda": AgendaForm,
    "invite": InviteForm,
    "sign_in": SignInForm,
    "decide": DecideForm,
    "leave_unsolved": UnsolvedForm,
    "take_down": TakeDownForm,
    "report_up": ReportUpForm,
    "enter_ruling": RulingForm,
    "review": ReviewForm,
    "cancel": NoteForm,
}
