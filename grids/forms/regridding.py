"""Which buildings go to which grid; how a grid is split or merged."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from grids.models import Place
from grids.regrid_preview import House, part_of
from grids.workflow import Part

NONE_CHOSEN = "请勾选楼栋单元。"


class Pressed(forms.Form):
    """A button that is pressed twice is done once."""

    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


class Reason(forms.CharField):
    def __init__(self) -> None:
        missing = {"required": "请填写事由。"}
        super().__init__(label="事由", max_length=120, help_text="记入版本，如“新建 2 栋交付”", error_messages=missing)


class Grid(forms.ModelChoiceField):
    def __init__(self, community: str, *, without: str = "", **options: Any) -> None:
        grids = Place.objects.standing().filter(parent=community, kind=Place.Kind.GRID).exclude(pk=without)
        missing = {"required": "请选择网格。", "invalid_choice": "没有这个网格，或已撤销，请重新选择。"}
        super().__init__(grids.defer("boundary"), error_messages=missing, empty_label="请选择", **options)


class PartsForm(Pressed):
    """The ticks stand in the page's own table of buildings."""

    def __init__(self, data: QueryDict | None = None, *, houses: list[House]) -> None:
        super().__init__(data)
        self.offered = {unit.value for house in houses for unit in house.units}
        self.ticked = set(data.getlist("part")) if data else set()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.ticked:
            raise ValidationError(NONE_CHOSEN)
        if self.ticked - self.offered:
            raise ValidationError("有的楼栋单元已经变动，请刷新后重新勾选。")
        return said

    @property
    def chosen(self) -> list[str]:
        return sorted(self.ticked & self.offered)

    @property
    def parts(self) -> list[Part]:
        return [part_of(value) for value in self.chosen]


class AssignForm(PartsForm):
    def __init__(self, data: QueryDict | None = None, *, houses: list[House], community: str) -> None:
        super().__init__(data, houses=houses)
        self.fields["grid"] = Grid(community, label="划入网格")


class SplitForm(PartsForm):
    name = forms.CharField(label="新网格名称", max_length=60, error_messages={"required": "请填写新网格名称。"})
    reason = Reason()

    def __init__(self, data: QueryDict | None = None, *, houses: list[House], community: str) -> None:
        super().__init__(data, houses=houses)
        self.community = community

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Place.objects.standing().filter(parent=self.community, name=name).exists():
            raise ValidationError("本社区已有同名网格，请换一个名称。")
        return name


class MergeForm(Pressed):
    reason = Reason()

    def __init__(self, data: QueryDict | None = None, *, grid: Place) -> None:
        super().__init__(data)
        self.fields["into"] = Grid(grid.code[:12], without=grid.code, label="并入网格")
        self.order_fields(["key", "into", "reason"])
