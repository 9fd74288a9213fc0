"""What a list of petitions can be narrowed to; every one of these lives in the address of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property

from grids.models import Item
from petitions import choices, handed_back, periods, rarity, rates
from petitions.facets import FACETS
from petitions.models import Dispatch, Nature, Petition, Status, Tag
from petitions.models.petition import PetitionQuerySet

OF_RATES = frozenset({"mark", "period", "part_of", "with_excluded", "turn", "sent_to", "sent_by"})


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    words: str
    without: str


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DayFilter(django_filters.Filter):
    field_class = DayField


class PlaceField(forms.CharField):
    """A street, community or grid by its code or its name; the list means it with everything below."""

    widget = forms.TextInput(attrs={"list": "places", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        if not words or words.isdigit():
            return words
        try:
            return choices.place_named(words).code
        except choices.NotFound as problem:
            raise forms.ValidationError(str(problem)) from None


class PlaceFilter(django_filters.Filter):
    field_class = PlaceField


class PeriodField(forms.CharField):
    def clean(self, value: Any) -> str:
        words: str = super().clean(value)
        try:
            return periods.read(words, timezone.now()).words if words else ""
        except periods.NotAPeriod as problem:
            raise forms.ValidationError(str(problem)) from None


class PeriodFilter(django_filters.Filter):
    field_class = PeriodField


class Choice(django_filters.ChoiceFilter):
    """Its choices come from a function: each request copies the filters it uses, and would copy a list with them."""

    def __init__(self, *args: Any, choices: Callable[[], list[tuple[str, str]]], **options: Any) -> None:
        super().__init__(*args, choices=choices, empty_label="不限", **options)


def registered_around(digits: str) -> Q:
    """A number begins with its day: the list need not be walked from today to find those of last spring."""
    year, month, day = digits[:4], digits[4:6], digits[6:8]
    words = f"{year}-{month}-{day}..{year}-{month}-{day}" if len(digits) >= 8 else f"{year}-{month}"
    try:
        period = periods.read(words if len(digits) >= 6 else year, timezone.now())
    except periods.NotAPeriod:
        return Q()  # then no number begins like this
    margin = timedelta(days=1)
    return Q(registered_at__gte=period.since - margin, registered_at__lt=period.until + margin)


class PetitionFilter(django_filters.FilterSet):
    many = False  # more have the words that were searched for than anybody counts

    facet = Choice(
        label="清单",
        method="by_facet",
        choices=lambda: [(facet.name, facet.label) for facet in FACETS.values()],
    )
    q = django_filters.CharFilter(label="编号或关键词", method="by_words", max_length=60)
    status = django_filters.MultipleChoiceFilter(label="状态", choices=Status.choices)
    unit = Choice(
        label="承办单位",
        choices=lambda: [(str(unit.pk), str(unit)) for unit in choices.units().values()],
    )
    assisting = Choice(
        label="尚欠协办的单位",
        method="by_assisting",
        choices=lambda: [(str(unit.pk), str(unit)) for unit in choices.units().values()],
    )
    contact_unit = Choice(
        label="联系诉求人的单位",
        choices=lambda: [(str(unit.pk), str(unit)) for unit in choices.units().values()],
    )
    place = PlaceFilter(label="街道、社区或网格", method="by_place", max_length=60)
    item = Choice(
        label="事项",
        field_name="item__code",
        choices=lambda: [(item.code, choices.label_of_item(item)) for item in choices.items().values()],
    )
    nature = Choice(label="诉求性质", choices=lambda: Nature.choices)
    urgency = Choice(label="紧急程度", choices=lambda: Item.Urgency.choices)
    channel = Choice(
        label="渠道",
        choices=lambda: [(channel.code, channel.name) for channel in choices.channels().values()],
    )
    tag = Choice(label="标签", method="by_tag", choices=lambda: Tag.choices)
    since = DayFilter(label="登记日期自", method="since_day")
    until = DayFilter(label="登记日期至", method="until_day")
    mine = django_filters.BooleanFilter(label="只看我登记或经办的", method="by_me", widget=forms.CheckboxInput)
    # What a number of the rates counted: its mark, over which days, of which unit.
    mark = Choice(label="指标", method="by_mark", choices=lambda: list(rates.MARKS.items()))
    period = PeriodFilter(label="统计期", method="of_the_mark", max_length=30)
    part_of = Choice(
        label="由其承担的单位",
        method="of_the_mark",
        choices=lambda: [(str(unit.pk), str(unit)) for unit in choices.units().values()],
    )
    # What a number of the returns counted: what became of a dispatch, over which days, to which unit, by whom.
    turn = Choice(
        label="派单去向",
        method="by_turn",
        choices=lambda: [(name, label) for name, (label, _) in handed_back.TURNS.items()],
    )
    sent_to = Choice(
        label="派给的单位",
        method="of_the_mark",
        choices=lambda: [(str(unit.pk), str(unit)) for unit in choices.units().values()],
    )
    sent_by = Choice(
        label="派单人",
        method="of_the_mark",
        choices=lambda: [(str(pk), name) for pk, name in handed_back.senders()],
    )
    with_excluded = django_filters.BooleanFilter(label="含已剔除的", method="of_the_mark", widget=forms.CheckboxInput)

    class Meta:
        model = Petition
        fields = ()

    def __init__(self, data: Any = None, *args: Any, every: bool = False, **options: Any) -> None:
        """Only the filters that the address names are built, unless `every` one is to be shown: a form costs time."""
        if data is not None:
            shown = () if not every else set(self.declared_filters) - OF_RATES
            named = {name: one for name, one in self.declared_filters.items() if name in data or name in shown}
            self.base_filters = named
        super().__init__(data, *args, **options)

    def by_facet(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        return petitions.filter(FACETS[value].where(timezone.now()))

    def by_words(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        number = value.strip().upper()
        if number.startswith("SG") and number[2:].isdecimal():
            return petitions.filter(registered_around(number[2:]), number__startswith=number)
        found, self.many = rarity.with_words(petitions, value)
        return found

    def by_place(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        return petitions.filter(place__code__startswith=value)

    def by_assisting(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        return petitions.filter(assisting__contains=[int(value)])

    def by_tag(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        return petitions.filter(tags__contains=[value])

    def since_day(self, petitions: PetitionQuerySet, name: str, value: Any) -> PetitionQuerySet:
        return petitions.filter(registered_at__gte=timezone.make_aware(datetime.combine(value, time.min)))

    def until_day(self, petitions: PetitionQuerySet, name: str, value: Any) -> PetitionQuerySet:
        return petitions.filter(registered_at__lte=timezone.make_aware(datetime.combine(value, time.max)))

    def by_me(self, petitions: PetitionQuerySet, name: str, value: bool) -> PetitionQuerySet:
        if not value or self.request is None:
            return petitions
        handled = Dispatch.objects.filter(petition=OuterRef("pk"), handled_by=self.request.user)
        return petitions.filter(Q(registered_by=self.request.user) | Q(Exists(handled)))

    def by_mark(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        said, at = self.form.cleaned_data, timezone.now()
        bearing = rates.bearing(
            value,
            periods.read(said.get("period") or "30d", at),
            at,
            unit=int(said["part_of"]) if said.get("part_of") else None,
            all_of=bool(said.get("with_excluded")),
        )
        return petitions.filter(bearing)

    def by_turn(self, petitions: PetitionQuerySet, name: str, value: str) -> PetitionQuerySet:
        said = self.form.cleaned_data
        period = periods.read(said.get("period") or "30d", timezone.now())
        to, by = (int(said[key]) if said.get(key) else None for key in ("sent_to", "sent_by"))
        return petitions.filter(handed_back.turned(value, period, unit=to, by=by))

    def of_the_mark(self, petitions: PetitionQuerySet, name: str, value: Any) -> PetitionQuerySet:
        """Says more about the mark, and alone narrows nothing."""
        return petitions

    def filter_queryset(self, petitions: PetitionQuerySet) -> PetitionQuerySet:
        """A filter that is not understood shows nothing, and says so, instead of showing everything."""
        return petitions.none() if self.errors else super().filter_queryset(petitions)

    @cached_property
    def chips(self) -> list[Chip]:
        """What the list is narrowed to, in words, each with the address of the list without it."""
        chips = []
        for name, value in self.form.cleaned_data.items() if not self.errors else ():
            if value not in (None, "", [], False):
                rest = self.data.copy()
                for gone in (name, "after", "before"):
                    rest.pop(gone, None)
                chips.append(Chip(str(self.form.fields[name].label), self._said(name, value), f"?{rest.urlencode()}"))
        return chips

    def _said(self, name: str, value: Any) -> str:
        if value is True:
            return "是"
        labels = dict(getattr(self.form.fields[name], "choices", ()))
        if name == "period":
            return periods.read(value, timezone.now()).label
        if name == "place" and value in choices.places():
            return choices.label_of_place(choices.places()[value])
        return "、".join(str(labels.get(one, one)) for one in (value if isinstance(value, list) else [value]))

    def said(self) -> str:
        return "；".join(f"{chip.label}：{chip.words}" for chip in self.chips) or "全部诉求"
