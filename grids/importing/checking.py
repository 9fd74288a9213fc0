"""One row of the sheet, checked cell by cell: a line that can be staged, or sentences that say what is wrong. Pure."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from stdnum.cn import ric

from accounts import phones
from grids import ages, id_numbers
from grids.importing import addresses, cells
from grids.importing.cells import Cell, NotADay
from grids.importing.columns import BY_NAME, FORBIDDEN
from grids.importing.matching import building_called, compound_called, unknown
from grids.importing.row import HIDDEN_OF_CARE, HOUSEHOLD_NEED, Problem, Reader, Row

CARE = {"care_need": 200, "guardian": 60, "health": 200, "device": 60}
OF_CARE = (*HIDDEN_OF_CARE, "device", "assessed_on")
DEGREE_MOST = 40
PLAIN = {"ethnicity": 20, "registered_at": 60, "party_branch": 60, "workplace": 60, "skills": 60, "consent": 30}
CHOSEN = ("kind", "colour", "tenure", "occupancy", "relation", "sex", "document", "education", "marriage", "politics",
          "employment")  # fmt: skip
DEFAULTS = {"kind": "permanent", "colour": "green", "relation": "other", "document": "id_card"}
TICKED = ("lives_where_registered", "insured", "volunteer")
OLD = re.compile(r"[0-9]{15}")
ALONE = re.compile(r"[\W\d_]*")
ROUNDED = re.compile(r"[0-9.]+[Ee]\+?[0-9]+")
DOOR_MOST = {"compound": 60, "building": 20, "unit": 10, "room": 12}


class CareSaid(NamedTuple):
    """One kind of care of one person."""

    category: str
    degree: str
    need: str
    guardian: str
    health: str
    device: str
    assessed_on: date | None


def check(reader: Reader, number: int, row: Sequence[Cell]) -> tuple[dict[str, Any] | None, list[Problem]]:
    """The values of a line, or None where a problem stops it."""
    this = Row(reader, number, row)
    _tell_formulas(this)
    _where(this)
    _who(this)
    _words(this)
    _care(this)
    stopped = any(problem.stops for problem in this.problems)
    return None if stopped else this.values, this.problems


def _tell_formulas(this: Row) -> None:
    if not this.reader.formulas:
        return
    for name, n in this.reader.columns.items():
        if (this.number, n) in this.reader.formulas:
            if this.text(name):
                this.wrong(name, "这一格是公式，已取它的计算结果。", stops=False)
            else:
                this.wrong(name, "这一格是公式，文件里没有它的计算结果；请用 Excel 打开并保存一次，或粘贴为数值。")


# --- The door -----------------------------------------------------------------------------------------


def _where(this: Row) -> None:
    community = _community(this)
    grid = _grid(this, community)
    door = _door(this)
    if community is None or door is None:
        return
    compound = _compound(this, community, door.compound)
    building, number = _building(this, community, compound, door.building) if compound else ("", 0)
    if not building:
        return
    unit, room = addresses.unit_of(door.unit) if door.unit else "", addresses.room_of(door.room)
    address = f"{compound}{building}{unit}{room}"
    for name, words in {"compound": compound, "building": building, "unit": unit, "room": room}.items():
        if len(words) > DOOR_MOST[name]:
            this.wrong(name, f"{BY_NAME[name].label}最多 {DOOR_MOST[name]} 个字，请核对。")
    said, walk = addresses.said_and_walk(address, unit, room)
    this.values |= {
        "community": community,
        "grid": grid,
        "compound": compound,
        "building": building,
        "building_number": number,
        "unit": unit,
        "room": room,
        "address": address,
        "said": said,
        "walk": walk,
        "mark": this.text("mark")[:30],
    }


def _community(this: Row) -> str | None:
    text = this.text("community")
    if not text:
        if not this.reader.community:
            this.wrong("community", "没有写是哪个社区。")
        return this.reader.community or None
    known = this.reader.communities
    if code := known.get(text) or known.get(f"{text}社区"):
        return code
    this.wrong("community", unknown("您管辖范围内的社区", text, known))
    return None


def _grid(this: Row, community: str | None) -> str:
    text = this.text("grid")
    if not text or community is None:
        return ""
    code = this.reader.grids.get(text) or this.reader.grids.get(f"{community}{text}")
    if code is None or not code.startswith(community):
        this.wrong("grid", "这个社区没有这个网格；请写网格名称或 15 位编码，或留空。")
        return ""
    return code


def _door(this: Row) -> addresses.Door | None:
    compound, building, room = this.text("compound"), this.text("building"), this.text("room")
    if compound and building and room:
        return addresses.Door(compound, building, this.text("unit"), room)
    if address := this.text("address"):
        if door := addresses.read(address):
            return door
        this.wrong("address", "地址看不出小区、楼栋和房号，请写成“向阳花园3号楼2单元501”，或分列填写。")
        return None
    for name, words in (("compound", compound), ("building", building), ("room", room)):
        if not words:
            this.wrong(name, f"没有填{BY_NAME[name].label}。")
    return None


def _compound(this: Row, community: str, text: str) -> str:
    compounds = this.reader.compounds
    if name := compound_called(text, community, compounds):
        return name
    if this.reader.makes_buildings:
        return text
    here = {name: name for (of, _), name in compounds.items() if of == community}
    this.wrong("compound" if this.text("compound") else "address", unknown("这个社区的小区", text, here))
    return ""


def _building(this: Row, community: str, compound: str, text: str) -> tuple[str, int]:
    if found := building_called(text, this.reader.buildings.get((community, compound), {})):
        return found
    name, number = addresses.building_of(text)
    if this.reader.makes_buildings:
        return name, number
    this.wrong(
        "building" if this.text("building") else "address",
        f"“{compound}”没有登记{name}；请核对，或在核对列时选“一并新建”。",
    )
    return "", 0


# --- The person ---------------------------------------------------------------------------------------


def _who(this: Row) -> None:
    name = cells.name(this.cell("name"))
    if name in cells.NOTHING:
        this.wrong("name", "没有填姓名。")
    elif ALONE.fullmatch(name):
        this.wrong("name", "姓名里没有文字，请核对是不是填错了列。")
    elif len(name) > 40:
        this.wrong("name", "姓名最多 40 个字，请核对。")
    this.values["name"] = name
    for column in CHOSEN:
        this.values[column] = _chosen(this, column)
    _days(this)
    _numbers(this)


def _chosen(this: Row, name: str) -> str:
    text = this.text(name)
    if not text or (text in cells.NOTHING and text not in this.reader.choices[name]):
        return DEFAULTS.get(name, "")
    value = this.reader.choices[name].get(text)
    if value is None:
        this.wrong(name, f"“{text[:20]}”不在可填的内容里，可填：{_one_of(this, name)}。")
        return ""
    return value


def _one_of(this: Row, name: str) -> str:
    return "、".join(list(this.reader.choices[name])[:12])


def _days(this: Row) -> None:
    for name in ("born_on", "since"):
        this.values[name] = _day(this, name)


def _day(this: Row, name: str) -> date | None:
    try:
        on = cells.day(this.cell(name))
    except NotADay as why:
        this.wrong(name, str(why))
        return None
    if on and on > this.reader.today:
        this.wrong(name, f"{BY_NAME[name].label}在今天以后，请核对。")
    return on


def _numbers(this: Row) -> None:
    number, phone = this.text("id_number"), this.text("phone")
    this.values |= {"id_number": "", "phone": ""}
    if number not in cells.NOTHING:
        _id_number(this, number)
    if phone not in cells.NOTHING:
        try:
            this.values["phone"] = phones.canonical(phone, demo=this.reader.demo)
        except phones.NotAPhone as why:
            this.wrong("phone", str(why))


def _id_number(this: Row, number: str) -> None:
    if this.values["document"] not in ("id_card", ""):
        this.values["id_number"] = number.upper()[:30]
        return
    if ROUNDED.fullmatch(number):
        this.wrong("id_number", "号码被存成了数字，末几位已经丢失；请把这一列设为文本，重新填写号码。")
        return
    if old := OLD.fullmatch(number):
        number = lengthened(number)
    try:
        canonical = id_numbers.canonical(number, demo=this.reader.demo)
    except id_numbers.NotAnIdNumber as why:
        this.wrong("id_number", str(why))
        return
    born, sex = id_numbers.born_on(canonical), "male" if id_numbers.is_male(canonical) else "female"
    assert born is not None
    if old:
        this.wrong("id_number", "15 位旧号码，已按规则换成 18 位。", stops=False)
    said = this.values["born_on"]
    if said and (said.year, said.month) != (born.year, born.month):
        this.wrong("born_on", "与证件号码里的出生年月不同，请核对是哪一个抄错了。")
    elif said and said.day not in (1, born.day):  # a month alone is its first day
        this.wrong("born_on", "与证件号码里的出生日不同，已按证件号码登记。", stops=False)
    if this.values["sex"] and this.values["sex"] != sex:
        this.wrong("sex", "与证件号码不符（第 17 位单数为男、双数为女），请核对。")
    this.values |= {"id_number": canonical, "born_on": born, "sex": sex}


def lengthened(number: str) -> str:
    """The eighteen digits of an old number of fifteen (GB 11643-1999)."""
    longer = f"{number[:6]}19{number[6:]}"
    return longer + ric.calc_check_digit(f"{longer}0")


def _words(this: Row) -> None:
    for name, most in PLAIN.items():
        this.values[name] = _at_most(this, name, most)
    for name, most in HOUSEHOLD_NEED.items():
        this.values[name] = _if_any(this, name, most)
    this.values["emergency_contact"] = this.text("emergency_contact")[:60]
    for name in TICKED:
        try:
            this.values[name] = cells.yes(this.text(name))
        except ValueError:
            this.wrong(name, "只能填“是”或“否”。")
            this.values[name] = None
    this.values["volunteer"] = bool(this.values["volunteer"])


def _at_most(this: Row, name: str, most: int) -> str:
    text = this.text(name)
    if len(text) > most:
        this.wrong(name, f"最多 {most} 个字，现在有 {len(text)} 个。")
    return text[:most]


def _if_any(this: Row, name: str, most: int) -> str:
    """A note that may also say that there is nothing to note."""
    text = _at_most(this, name, most)
    return "" if text in cells.NOTHING or text.lower() in cells.NO else text


# --- Whom to look after more closely: level 3, so no sentence repeats what the cell says -----------------


def _care(this: Row) -> None:
    this.values["cares"] = []
    if this.reader.columns.keys().isdisjoint(OF_CARE):
        return
    categories = [one for one in cells.parts(this.text("care_category")) if one.lower() not in {"", *cells.NO}]
    degrees = cells.parts(this.text("care_degree"))
    told: dict[str, Any] = {name: _if_any(this, name, most) for name, most in CARE.items()}
    told["health"] = _health(this, told["health"])
    told["assessed_on"] = _day(this, "assessed_on")
    if not categories:
        for name, said in {"care_degree": any(degrees), **told}.items():
            if said:
                this.wrong(name, "没有填重点关爱类别，这一格不导入。", stops=False)
        return
    if len(categories) == 1:
        degrees = ["、".join(filter(None, degrees))]
    elif not any(degrees):
        degrees = [""] * len(categories)
    if len(degrees) != len(categories):
        this.wrong(
            "care_degree",
            f"写了 {len(categories)} 类，等级也请按同样的次序写 {len(categories)} 项，用“、”隔开，没有的写“-”。",
        )
    if max(map(len, degrees)) > DEGREE_MOST:
        this.wrong("care_degree", f"每一类的等级最多 {DEGREE_MOST} 个字，请核对。")
    known = [_category(this, n, said) for n, said in enumerate(categories, 1)]
    of = dict(zip(known, degrees, strict=False))  # the same one twice is one
    if any(ages.too_young(category, this.values.get("born_on"), this.reader.today) for category in of):
        this.wrong("care_category", "按出生日期，此人不到其中一类的年龄；仍照表里写的导入，请核对。", stops=False)
    this.values["cares"] = [CareSaid(category, degree, *told.values()) for category, degree in of.items()]


def _health(this: Row, said: str) -> str:
    """What to mind at a visit: that somebody is well is nothing to note, and some illnesses are not kept (§3.4)."""
    if FORBIDDEN.search(said):
        this.wrong("health", "按最小必要的规定，这类健康情况不采集，这一格不导入。", stops=False)
        return ""
    return "" if said in cells.WELL else said


def _category(this: Row, n: int, said: str) -> str:
    value = this.reader.choices["care_category"].get("".join(said.split()))
    if value is None:
        this.wrong("care_category", f"第 {n} 类不在可填的内容里，可填：{_one_of(this, 'care_category')}。")
    return value or ""
