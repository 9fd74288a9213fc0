"""The city's promises as rows to edit; petitions and what happened to them, to read. Verbs alone change a petition."""

from datetime import date
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.admin import ReadOnly
from petitions import clocks, phone_admin, terms  # noqa: F401 (its rows register by being imported)
from petitions.models import (
    Callback,
    CardWithdrawal,
    Channel,
    Clock,
    Dispatch,
    Event,
    Interval,
    Petition,
    Phrase,
    Rung,
    ScriptLine,
    Setting,
    StandingAuthorisation,
    SupervisionNotice,
    Suspension,
    Task,
    Term,
    Workday,
    WorkingHours,
)
from petitions.papers import ringing

PROMISES_STAND = "已作出的承诺不变，新的承诺按修改后的规定计算。"


class OfTerms(admin.ModelAdmin):
    """A row that promises are made from: edited, not deleted; every process reads it again within half a minute."""

    key: str | None = None  # what other rows and the code know it by: fixed once it is there

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (self.key,) if obj and self.key else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(terms.forget)
        if form.changed_data:
            messages.info(request, PROMISES_STAND)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(terms.forget)


@admin.register(Term)
class TermAdmin(OfTerms):
    list_display = ("__str__", "promise_class", "promise", "amount", "span", "note")
    list_filter = ("promise", "promise_class")
    search_fields = ("note",)

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> tuple[str, ...]:
        return ("promise_class", "promise") if obj else ()


@admin.register(Rung)
class RungAdmin(OfTerms):
    list_display = ("__str__", "promise_class", "promise", "side", "amount", "span", "effect", "rings", "note")
    list_filter = ("effect", "promise", "promise_class")

    def has_delete_permission(self, request: HttpRequest, obj: Rung | None = None) -> bool:
        """The rungs that hold for every class stay, or cease to ring; those of one class may go. One at a time."""
        particular = obj is not None and bool(obj.promise_class)
        return particular and admin.ModelAdmin.has_delete_permission(self, request, obj)


@admin.register(StandingAuthorisation)
class StandingAuthorisationAdmin(OfTerms):
    """Notices that were issued under it name it: it ends by a date, and another one follows."""

    key = "number"
    list_display = ("number", "title", "granted_by", "since", "until")


@admin.register(SupervisionNotice)
class SupervisionNoticeAdmin(ReadOnly):
    list_display = ("number", "title", "unit", "time", "state", "origin", "issued_at", "fault")
    list_filter = (("fault", admin.EmptyFieldListFilter), "state", "origin", "time")
    list_select_related = ("unit",)
    search_fields = ("=number", "=petition__number")
    show_full_result_count = False


@admin.register(CardWithdrawal)
class CardWithdrawalAdmin(ReadOnly):
    list_display = ("card", "at", "by", "reason")
    list_select_related = ("card", "by")
    show_full_result_count = False


@admin.register(Setting)
class SettingAdmin(OfTerms):
    list_display = ("name", "value", "basis", "key")
    readonly_fields = ("key", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Setting | None = None) -> tuple[str, ...]:
        return ("key", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Phrase)
class PhraseAdmin(admin.ModelAdmin):
    """What a leader says with one tap."""

    list_display = ("text", "kind", "order", "active")
    list_filter = ("kind", "active")


@admin.register(ScriptLine)
class ScriptLineAdmin(OfTerms):
    key = "part"
    list_display = ("part", "words")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Task)
class TaskAdmin(ReadOnly):
    list_display = ("__str__", "unit", "due_at", "state", "next_tick_at", "fault")
    list_filter = (("fault", admin.EmptyFieldListFilter), "state")
    list_select_related = ("unit",)
    actions = ("rewind",)

    @admin.action(description="重新上弦（只对出错搁置的交办事项）")
    def rewind(self, request: HttpRequest, queryset: QuerySet[Task]) -> None:
        wound = ringing.rewind(queryset)
        if wound:
            messages.success(request, f"{wound} 件已重新上弦，下一次巡查时会补响。")
        else:
            messages.warning(request, "所选事项都没有出错搁置，未作改动。")


@admin.register(Channel)
class ChannelAdmin(OfTerms):
    key = "code"
    list_display = ("code", "name", "order", "active")
    list_filter = ("active",)


@admin.register(Workday)
class WorkdayAdmin(OfTerms):
    key = "on"
    list_display = ("on", "kind", "note", "provisional")
    list_filter = ("kind", "provisional")
    date_hierarchy = "on"
    list_per_page = 100
    actions = ("publish",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.action(description="所选日期的安排已公布：取消“暂定”，并重算以暂定日期推算的期限", permissions=["change"])
    def publish(self, request: HttpRequest, days: QuerySet[Workday]) -> None:
        count = days.filter(provisional=True).update(provisional=False)
        terms.forget()
        moved = clocks.replan_provisional(timezone.now())
        transaction.on_commit(terms.forget)
        messages.success(request, f"{count} 个日期不再暂定；{moved} 项以暂定日期推算的期限已重算并留痕。")


@admin.register(WorkingHours)
class WorkingHoursAdmin(OfTerms):
    key = "since"
    list_display = ("since", "am_start", "am_end", "pm_start", "pm_end")

    def has_delete_permission(self, request: HttpRequest, obj: WorkingHours | None = None) -> bool:
        """Hours that have not begun may be taken back; the past stays as it was worked."""
        coming = obj is not None and obj.since > timezone.localdate() and obj.since > self._first()
        return coming and admin.ModelAdmin.has_delete_permission(self, request, obj)

    def _first(self) -> date:
        first: date = WorkingHours.objects.aggregate(first=Min("since"))["first"]
        return first


@admin.register(Clock)
class ClockAdmin(ReadOnly):
    list_display = ("petition", "promise", "unit", "started_at", "due_at", "next_tick_at", "stopped_at", "fault")
    list_filter = (("fault", admin.EmptyFieldListFilter), "promise", "provisional")
    list_select_related = ("petition", "unit")
    search_fields = ("=petition__number",)
    actions = ("rewind",)
    show_full_result_count = False

    @admin.action(description="重新上弦（只对出错搁置的时钟）")
    def rewind(self, request: HttpRequest, queryset: QuerySet[Clock]) -> None:
        wound = clocks.rewind(queryset)
        if wound:
            messages.success(request, f"{wound} 个时钟已重新上弦，下一次巡查时会补响。")
        else:
            messages.warning(request, "所选时钟都没有出错搁置，未作改动。")


@admin.register(Petition)
class PetitionAdmin(ReadOnly):
    """Where it stands. The caller and the words are read in the portal, where every look is on record."""

    list_display = ("number", "status", "item", "place", "unit", "registered_at", "concluded_at")
    list_filter = ("status", "urgency", "channel")
    list_select_related = ("item", "place", "unit")
    search_fields = ("=number",)
    show_full_result_count = False
    fields = (
        *("number", "status", "channel", "nature", "item", "urgency", "tags", "place", "unit", "confidential"),
        *("redo_count", "registered_at", "registered_by", "concluded_at", "archive_number", "version"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Petition]:
        return super().get_queryset(request).defer("content", "wish", "words", "caller_name", "caller_phone")


@admin.register(Dispatch)
class DispatchAdmin(ReadOnly):
    list_display = ("petition", "unit", "role", "round", "dispatched_at", "signed_at", "replied_at", "ended_at")
    list_filter = ("role", "assessment")
    list_select_related = ("petition", "unit")
    search_fields = ("=petition__number",)
    show_full_result_count = False
    exclude = ("contact_note", "result")


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "petition", "action", "from_status", "to_status", "by", "unit", "promise")
    list_filter = ("action",)
    list_select_related = ("petition", "by", "unit")
    search_fields = ("=petition__number",)
    show_full_result_count = False


@admin.register(Callback)
class CallbackAdmin(ReadOnly):
    list_display = ("petition", "round", "way", "at", "by", "reached", "solved", "satisfied")
    list_filter = ("way", "reached", "satisfied")
    list_select_related = ("petition", "by")
    search_fields = ("=petition__number",)
    show_full_result_count = False


@admin.register(Interval)
class IntervalAdmin(ReadOnly):
    """Why a due date is another than the one first promised, and who agreed."""

    list_display = ("petition", "kind", "from_at", "until_at", "reason", "asked_by", "approved_by", "approved_at")
    list_filter = ("kind",)
    list_select_related = ("petition", "asked_by", "approved_by")
    search_fields = ("=petition__number",)
    show_full_result_count = False


@admin.register(Suspension)
class SuspensionAdmin(ReadOnly):
    list_display = ("petition", "unit", "reason", "awaiting", "granted_at", "expected_on", "reviewed_at", "ended_at")
    list_filter = ("reason", "awaiting")
    list_select_related = ("petition", "unit")
    search_fields = ("=petition__number",)
    exclude = ("told_words",)
