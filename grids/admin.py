"""Reference data for administrators: places, landmarks, postings, items. What is in use goes out of use, never away."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from grids import locate, versions, workflow
from grids.forms.points import PointForm
from grids.models import (
    Building,
    CollectedField,
    Item,
    Landmark,
    ListedItem,
    Place,
    Posting,
    StaffingRule,
    ask_for_checks,
)
from grids.models.place import code_shape
from grids.permissions import may_assign
from grids.scope import today


class PlaceForm(forms.ModelForm):
    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        code_shape(code)
        if len(code) > 6 and not Place.objects.filter(pk=code[:-3]).exists():
            raise ValidationError("上级场所 %(above)s 还不存在，请先建上级", params={"above": code[:-3]})
        return code


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin):
    form = PlaceForm
    list_display = ("code", "name", "kind", "parent", "unit", "brand", "illustrative")
    list_filter = ("kind", "illustrative")
    list_select_related = ("parent", "unit")
    search_fields = ("^code", "name", "brand")
    autocomplete_fields = ("unit",)
    # The parent follows from the code.
    fields = ("code", "kind", "name", "unit", "nbs_code", "brand", "illustrative", "boundary")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Place]:
        return super().get_queryset(request).defer("boundary")

    def get_readonly_fields(self, request: HttpRequest, obj: Place | None = None) -> tuple[str, ...]:
        return ("code", "kind") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Place | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        at = timezone.now()
        if not change or {"name", "boundary"} & set(form.changed_data):
            assert isinstance(request.user, User)
            versions.record(obj, reason="系统管理中修改" if change else "系统管理中新建", by=request.user, at=at)
        ask_for_checks([obj.code], at)
        transaction.on_commit(locate.forget)


@admin.register(Landmark)
class LandmarkAdmin(admin.ModelAdmin):
    list_display = ("__str__", "road", "numbers", "place", "illustrative")
    list_filter = ("illustrative",)
    list_select_related = ("place",)
    search_fields = ("name", "road", "^place__code", "place__name")
    autocomplete_fields = ("place",)

    def save_model(self, request: HttpRequest, obj: Landmark, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(locate.forget)

    def delete_model(self, request: HttpRequest, obj: Landmark) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(locate.forget)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Landmark]) -> None:
        super().delete_queryset(request, queryset)
        transaction.on_commit(locate.forget)


@admin.register(Building)
class BuildingAdmin(admin.ModelAdmin):
    """Only where it stands: buildings come and go with their dwellings."""

    form = PointForm
    list_display = ("__str__", "community", "longitude", "latitude")
    list_filter = (("longitude", admin.EmptyFieldListFilter),)
    list_select_related = ("compound__community",)
    search_fields = ("name", "compound__name", "^compound__community__code", "compound__community__name")
    fields = ("compound", "name", "longitude", "latitude")
    readonly_fields = ("compound", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Building]:
        return super().get_queryset(request).defer("compound__community__boundary")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Building | None = None) -> bool:
        assert isinstance(request.user, User)
        may = obj is None or may_assign(request.user, obj.compound.community_id)
        return may and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Building | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Building, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)
        workflow.pinpoint(obj, obj.longitude, obj.latitude, by=request.user, at=timezone.now())

    @admin.display(description="所属社区", ordering="compound__community")
    def community(self, building: Building) -> str:
        return building.compound.community.name


class Current(admin.SimpleListFilter):
    title = "是否现任"
    parameter_name = "current"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "现任"), ("no", "已卸任或未到任")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Posting]) -> QuerySet[Posting]:
        serving = Q(pk__in=Posting.objects.current(today()).values("pk"))
        return {"yes": queryset.filter(serving), "no": queryset.exclude(serving)}.get(self.value() or "", queryset)


@admin.register(Posting)
class PostingAdmin(admin.ModelAdmin):
    """People leave a post by its end date: what they did keeps its ground. Only a post not yet taken up is deleted."""

    list_display = ("user", "duty", "unit", "place", "since", "until")
    list_filter = (Current, "duty")
    list_select_related = ("user", "unit", "place")
    search_fields = ("user__name", "user__username", "unit__name", "unit__short_name", "^place__code", "place__name")
    autocomplete_fields = ("user", "unit", "place")
    actions = ("end_today",)

    def get_readonly_fields(self, request: HttpRequest, obj: Posting | None = None) -> tuple[str, ...]:
        return ("user",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Posting | None = None) -> bool:
        return obj is not None and obj.since >= today() and super().has_delete_permission(request, obj)

    @admin.action(description="所选任职自今日起卸任")
    def end_today(self, request: HttpRequest, postings: QuerySet[Posting]) -> None:
        on = today()
        serving = postings.filter(Q(until=None) | Q(until__gt=on), since__lt=on)
        untouched = postings.count() - (ended := serving.update(until=on))
        messages.success(request, f"{ended} 项任职自 {on} 起卸任。")
        if untouched:
            messages.warning(request, f"{untouched} 项未改：今日才到任、尚未到任，或已卸任。")


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):
    """A change of limits holds for promises made from now on; an item no longer wanted is taken out of use."""

    list_display = ("code", "name", "domain", "lead_line", "lead", "urgency", "responds", "closes", "in_grid", "active")
    list_filter = ("active", "in_grid", "domain", "urgency", "visibility")
    list_select_related = ("lead",)
    search_fields = ("code", "name", "lead_line")
    autocomplete_fields = ("lead",)

    def get_readonly_fields(self, request: HttpRequest, obj: Item | None = None) -> tuple[str, ...]:
        """What the list of the grids says of it changes with the list alone, so that clocks and list say the same."""
        if obj is None or not obj.in_grid:
            return ("code", "in_grid") if obj else ("in_grid",)
        return ("code", "in_grid", "active", *ListedItem.FIELDS)

    def has_delete_permission(self, request: HttpRequest, obj: Item | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:
        if not change:
            obj.in_grid = False  # it comes onto the list by admission
        super().save_model(request, obj, form, change)

    @admin.display(description="响应时限", ordering="respond_amount")
    def responds(self, item: Item) -> str:
        return f"{item.respond_amount} {item.get_respond_span_display()}"

    @admin.display(description="办结时限", ordering="close_amount")
    def closes(self, item: Item) -> str:
        return f"{item.close_amount} {item.get_close_span_display()}"


@admin.register(StaffingRule)
class StaffingRuleAdmin(admin.ModelAdmin):
    """By which numbers a grid counts as well staffed; counted anew at the next look."""

    list_display = ("name", "value", "basis", "key")
    readonly_fields = ("key", "name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: StaffingRule | None = None) -> bool:
        return False


@admin.register(CollectedField)
class CollectedFieldAdmin(admin.ModelAdmin):
    """What each field is for and how long it is kept; which fields there are is said by the tables."""

    list_display = ("label", "subject", "level", "purpose", "source", "flows_back", "kept_years")
    list_filter = ("subject", "level")
    search_fields = ("label", "purpose", "source")
    fields = ("subject", "name", "label", "level", "purpose", "source", "flows_back", "kept_years")
    readonly_fields = ("subject", "name", "level")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CollectedField | None = None) -> bool:
        return False
