"""The fields of a household's rows as they are edited: filled in with the last answers, and only what was changed."""

from typing import Any

from django import forms
from django.db import models

from accounts.masking import mask_name
from accounts.models import User
from grids import id_numbers
from grids.models import Care, Dwelling, Household, Resident, Tenancy
from grids.team import Team
from grids.workflow import Edit, said_at
from petitions.forms.words import Words
from shouyang.homes.fields import CLEAR, NO_NUMBER, Day, Helper, Hidden, One, Past, Told, id_number
from shouyang.homes.masked import MASKS, masked


def _options(kind: type[models.TextChoices], *, must: bool = False) -> list[tuple[str, str]]:
    return [*([] if must else [("", "未登记")]), *kind.choices]


VERSIONS = ("base", "seen")


class RowForm(forms.Form):
    """One row, known by its prefix; `base` is the version with which its fields were filled in.

    `seen` is a later one, when its author has answered whose words stay where two had changed the same field.
    """

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    title = ""

    def __init__(self, row: Any, data: Any = None, *, team: Team, taken: dict[str, str] | None = None) -> None:
        self.row, self.team = row, team
        prefix = prefix_of(row)
        base = _number(data.get(f"{prefix}-base")) if data is not None else row.version
        super().__init__(data, prefix=prefix, initial=self._then(row, base), auto_id="f-%s")
        for name in MASKS.get(type(row), {}):
            if name in self.fields:
                self.fields[name].widget.attrs["placeholder"] = masked(row, name)
        self.dropped = {name for name, whose in (taken or {}).items() if whose == "theirs"}

    def edit(self) -> Edit | None:
        """What its author changed, if anything. Only of a valid form."""
        said = self.cleaned_data
        names = [name for name in self.changed_data if name not in {*VERSIONS, *self.dropped}]
        values = {name: "" if said[name] == CLEAR else said[name] for name in names}
        return Edit(self.row, max(said["base"], said["seen"] or 0), values) if values else None

    def _then(self, row: Any, base: int) -> dict[str, Any]:
        """What stood in the fields when they were opened."""
        names = [name for name, field in self.base_fields.items() if not isinstance(field, Hidden)]
        then: dict[str, Any] = {
            name: row._meta.get_field(name).value_from_object(row) for name in names if name not in VERSIONS
        }
        if base < row.version:
            for name, words in said_at(row, base).items():
                if name in then:
                    then[name] = row._meta.get_field(name).to_python(words) if words else None
        return then | {"base": base}


class HouseholdForm(RowForm):
    title = "户的资料"
    kind = One(label="户类型", choices=Household.Kind.choices)
    colour = One(label="走访分类", choices=[], help_text="表示走访的先后，不是给人贴的标签")
    contact = forms.ModelChoiceField(label="联系人", queryset=Resident.objects.none(), required=False)
    phone = Hidden(label="联系电话", most=40, kind="phone")
    hardship = Hidden(label="致困原因", most=200)
    welfare = Hidden(label="低保或特困", most=60)
    note = Hidden(label="备注", most=500, rows=2)

    def __init__(self, row: Household, data: Any = None, **options: Any) -> None:
        super().__init__(row, data, **options)
        colour: Any = self.fields["colour"]
        colour.choices = Household._meta.get_field("colour").choices
        contact: Any = self.fields["contact"]
        contact.queryset = row.members()
        contact.empty_label = "未指定"
        contact.label_from_instance = _called
        contact.error_messages["invalid_choice"] = "联系人不在这一户里，请重新选择。"


class DwellingForm(RowForm):
    title = "房屋"
    occupancy = One(label="居住状态", choices=_options(Dwelling.Occupancy), required=False)
    tenure = One(label="产权性质", choices=_options(Dwelling.Tenure), required=False)
    area_m2 = forms.DecimalField(
        label="面积（平方米）",
        max_digits=7,
        decimal_places=2,
        min_value=0,
        required=False,
        error_messages={
            "invalid": NO_NUMBER,
            "min_value": "面积不能小于 0。",
            "max_digits": "面积太大，请核对。",
            "max_decimal_places": "最多两位小数。",
            "max_whole_digits": "面积太大，请核对。",
        },
    )


class TenancyForm(RowForm):
    title = "出租情况"
    landlord = Hidden(label="房东", most=60)
    tenants = forms.IntegerField(
        label="承租人数",
        min_value=0,
        max_value=200,
        required=False,
        error_messages={
            "invalid": NO_NUMBER,
            "min_value": "人数不能小于 0。",
            "max_value": "人数超过 200，请核对。",
        },
    )
    until = Day(label="租期至", required=False)
    registered = Told(label="已登记备案", unknown=False)
    safety_notice = Told(label="已签安全告知书", unknown=False)
    patrolled_on = Past(label="最近巡查", required=False)


class ResidentForm(RowForm):
    relation = One(label="与户主关系", choices=Resident.Relation.choices)
    name = Hidden(label="姓名", most=40)
    document = One(label="证件类型", choices=Resident.Document.choices)
    id_number = Hidden(label="证件号码", most=40)
    phone = Hidden(label="联系电话", most=40, kind="phone")
    sex = One(label="性别", choices=_options(Resident.Sex), required=False)
    born_on = Past(label="出生日期", required=False)
    ethnicity = Words(label="民族", most=20, required=False)
    emergency_contact = Hidden(label="紧急联系人", most=60)
    registered_at = Words(label="户籍地", most=60, required=False)
    lives_where_registered = Told(label="人户一致")
    employment = One(label="就业状态", choices=_options(Resident.Employment), required=False)
    workplace = Words(label="工作单位", most=60, required=False)
    education = One(label="文化程度", choices=_options(Resident.Education), required=False)
    marriage = One(label="婚姻状况", choices=_options(Resident.Marriage), required=False)
    politics = One(label="政治面貌", choices=_options(Resident.Politics), required=False)
    party_branch = Words(label="党组织关系", most=60, required=False)
    insured = Told(label="已参加社保医保")
    volunteer = Told(label="志愿者", unknown=False)
    skills = Words(label="特长", most=60, required=False)
    consent = Words(label="同意书编号", most=30, required=False)

    @property
    def title(self) -> str:  # type: ignore[override]
        return _called(self.row)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name == CLEAR:
            raise forms.ValidationError("姓名不能清空。")
        return name

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        typed = said.get("id_number", "")
        # Another kind of document asks about the number on record too.
        number = typed or (self.row.id_number if "document" in self.changed_data else "")
        if said.get("document") == Resident.Document.ID_CARD and number not in ("", CLEAR):
            try:
                number = id_number(number)
            except forms.ValidationError as problem:
                self.add_error("id_number", problem)
                return said
            said["id_number"] = typed and number
            agree_with_number(self, number, said)
        return said


class CareForm(RowForm):
    """All but the category: another category is another care, with its own beginning and end."""

    degree = Hidden(label="等级", most=40)
    need = Hidden(label="需求", most=200)
    helper = Helper()
    guardian = Hidden(label="监护人", most=60)
    health = Hidden(label="健康提示", most=200)
    device = Words(label="物联设备", most=60, required=False)
    assessed_on = Past(label="评估日期", required=False)

    def __init__(self, row: Care, data: Any = None, **options: Any) -> None:
        super().__init__(row, data, **options)
        helper: Any = self.fields["helper"]
        then = User.objects.filter(pk=self.initial["helper"]) if self.initial["helper"] != row.helper_id else []
        helper.offer(self.team, filter(None, [row.helper, *then]))

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{whose(self.row)}，{self.row.since:%Y-%m-%d} 起"


FORMS: dict[type[models.Model], tuple[str, type[RowForm]]] = {
    Household: ("h", HouseholdForm),
    Dwelling: ("d", DwellingForm),
    Tenancy: ("t", TenancyForm),
    Resident: ("r", ResidentForm),
    Care: ("c", CareForm),
}


def prefix_of(row: models.Model) -> str:
    return f"{FORMS[type(row)][0]}{row.pk}"


def form_of(row: models.Model, team: Team, data: Any = None, taken: dict[str, str] | None = None) -> RowForm:
    """`team`: who answers for the place of the home."""
    return FORMS[type(row)][1](row, data, team=team, taken=taken)


def whose(row: models.Model) -> str:
    """Of which person this row is, or nothing where it is the home's."""
    match row:
        case Resident():
            return mask_name(row.name)
        case Care():
            return f"{mask_name(row.resident.name)}的重点关爱 {row.number}"
    return ""


def agree_with_number(form: forms.Form, number: str, said: dict[str, Any]) -> None:
    """A birthday or a sex that the identity number contradicts is a slip in one of the two."""
    if len(number) != 18 or said.get("document", "id_card") != "id_card":
        return
    if said.get("born_on") and said["born_on"] != id_numbers.born_on(number):
        form.add_error("born_on", "与身份证号码里的出生日期不一致，请核对。")
    if said.get("sex") and (said["sex"] == "male") != id_numbers.is_male(number):
        form.add_error("sex", "与身份证号码不一致，请核对。")
    said["born_on"] = said.get("born_on") or id_numbers.born_on(number)
    said["sex"] = said.get("sex") or ("male" if id_numbers.is_male(number) else "female")


def _called(row: Resident) -> str:
    return f"{whose(row)}（{row.get_relation_display()}）"


def _number(words: Any) -> int:
    return int(words) if isinstance(words, str) and words.isascii() and words.isdigit() and len(words) < 10 else 0
