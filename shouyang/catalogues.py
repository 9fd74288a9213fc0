"""The city's catalogues: CSV and GeoJSON in `data/` become rows. Loading again adds what is missing, edits nothing."""

import csv
import json
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import Unit
from grids import locate, versions
from grids.models import (
    CITY_CODE,
    CatalogueVersion,
    CollectedField,
    Item,
    Landmark,
    ListedItem,
    Place,
    StaffingRule,
    VisitRule,
)
from petitions import terms, workyears
from petitions.models import Channel, Phrase, Rung, ScriptLine, Setting, StandingAuthorisation, Term, WorkingHours

DATA: Path = settings.BASE_DIR / "data"

KIND_OF_DEPARTMENT = {
    "党委机关": Unit.Kind.PARTY_ORGAN,
    "人大政协法检": Unit.Kind.CONGRESS,
    "政府部门": Unit.Kind.DEPARTMENT,
    "群团": Unit.Kind.MASS_ORGANISATION,
    "垂直管理与驻地单位": Unit.Kind.VERTICAL,
    "事业单位": Unit.Kind.INSTITUTION,
}
CENTRE = "寿光市社会治理服务中心"
UNSORTED = "items_unsorted.csv"  # what residents report without knowing which item it is


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load(today: date) -> None:
    """Everything the portal needs before the first petition; idempotent."""
    load_units()
    load_places()
    versions.begin()
    load_items()
    load_first_version()
    load_visit_rules()
    load_staffing_rules()
    load_collected_fields()
    load_terms()
    workyears.refresh(today)
    terms.forget()


def load_units() -> None:
    lines = {row["unit"]: row["line"] for row in rows("lines.csv")}
    Unit.objects.bulk_create(
        (
            Unit(
                name=row["name"],
                short_name=row["name"].removeprefix("寿光市") if row["name"] != CENTRE else "社会治理服务中心",
                kind=Unit.Kind.CENTRE if row["name"] == CENTRE else KIND_OF_DEPARTMENT[row["kind"]],
                line=lines.get(row["name"], ""),
            )
            for row in rows("departments.csv")
        ),
        ignore_conflicts=True,
    )


def load_places() -> None:
    streets: dict[str, str] = {row["street_code"]: row["street"] for row in rows("communities.csv")}
    offices = [Unit(name=f"{name}办事处", short_name=name, kind=Unit.Kind.STREET_OFFICE) for name in streets.values()]
    committees = [
        Unit(name=f"{row['street']}{row['name']}居委会", short_name=row["name"], kind=Unit.Kind.COMMUNITY_COMMITTEE)
        for row in rows("communities.csv")
    ]
    Unit.objects.bulk_create([*offices, *committees], ignore_conflicts=True)
    units = {
        unit.name: unit for unit in Unit.objects.filter(kind__in=["street_office", "community_committee", "centre"])
    }
    boundaries = {
        feature["properties"]["code"]: feature["geometry"]
        for feature in json.loads((DATA / "boundaries.geojson").read_text(encoding="utf-8"))["features"]
    }
    Kind = Place.Kind
    places = [Place(code=CITY_CODE, kind=Kind.CITY, name="寿光市", unit=units[CENTRE], illustrative=False)]
    places += [
        Place(
            code=code, kind=Kind.STREET, name=name, unit=units[f"{name}办事处"], parent_id=CITY_CODE, illustrative=False
        )
        for code, name in streets.items()
    ]
    places += [
        Place(
            code=row["code"],
            kind=Kind.COMMUNITY,
            name=row["name"],
            parent_id=row["street_code"],
            unit=units[f"{row['street']}{row['name']}居委会"],
            brand=row["brand"],
            illustrative=row["named_in_brief"] != "yes",
        )
        for row in rows("communities.csv")
    ]
    committee_of = {place.code: place.unit for place in places}
    places += [
        Place(
            code=row["code"],
            kind=Kind.GRID,
            name=row["name"],
            parent_id=row["community_code"],
            unit=committee_of[row["community_code"]],
            boundary=boundaries.get(row["code"]),
        )
        for row in rows("grids.csv")
    ]
    for place in places:
        place.clean_fields(exclude=["boundary", "unit", "parent"])
        place.clean()
    Place.objects.bulk_create(places, ignore_conflicts=True)


def load_staffing_rules() -> None:
    StaffingRule.objects.bulk_create(
        (StaffingRule(**row | {"value": int(row["value"])}) for row in rows("staffing_rules.csv")),
        ignore_conflicts=True,
    )


def load_landmarks() -> None:
    """The demo city's compounds and their house numbers (“88” or “88-96”); a real city enters its own in the admin."""

    def landmark(row: dict[str, str]) -> Landmark:
        first, _, last = row["number"].removesuffix("号").partition("-")
        return Landmark(
            name=row["compound"],
            road=row["road"],
            first_number=int(first) if first else None,
            last_number=int(last or first) if first else None,
            place_id=row["grid_code"] or row["community_code"],
        )

    Landmark.objects.bulk_create(map(landmark, rows("demo/compounds.csv")), ignore_conflicts=True)
    locate.forget()


def load_items() -> None:
    leads = {row["line"]: row["unit"] for row in rows("lines.csv")}
    units = {unit.name: unit for unit in Unit.objects.all()}
    for name, in_grid in (("items.csv", True), ("items_beyond.csv", False), (UNSORTED, False)):
        Item.objects.bulk_create(
            (
                Item(
                    code=row["code"],
                    domain=row["domain"],
                    name=row["name"],
                    in_grid=in_grid,
                    lead_line=row["lead_department"],
                    lead=units.get(leads.get(row["lead_department"], "")),
                    assisting=row["assisting"],
                    urgency=row["urgency"],
                    first_level=row["first_level"],
                    respond_amount=int(row["respond_amount"]),
                    respond_span=row["respond_unit"],
                    close_amount=int(row["close_amount"]),
                    close_span=row["close_unit"],
                    closing_standard=row["closing_standard"],
                    visibility=row["visibility"],
                    note=row["note"],
                    unsorted=name == UNSORTED,
                )
                for row in rows(name)
            ),
            ignore_conflicts=True,
        )


def load_first_version() -> None:
    """The 56 items as they were published in 2019; what is changed since then is in later versions."""
    if CatalogueVersion.objects.exists():
        return
    first = CatalogueVersion.objects.create(name="v2019.1", published_on=date(2019, 1, 1), note="首批 56 项入格事项")
    ListedItem.objects.bulk_create(
        ListedItem(
            version=first, item=item, code=item.code, **{name: getattr(item, name) for name in ListedItem.FIELDS}
        )
        for item in Item.objects.filter(in_grid=True, active=True).select_related("lead").order_by("code")
    )


def load_visit_rules() -> None:
    VisitRule.objects.bulk_create(
        (
            VisitRule(
                colour=row["colour"],
                every=int(row["every"]),
                unit=row["unit"],
                manner=row["manner"],
                who=row["who"],
                phone_percent=int(row["phone_percent"]),
                self_confirmed=row["self_confirmed"] == "yes",
            )
            for row in rows("visit_rules.csv")
        ),
        ignore_conflicts=True,
    )


def load_collected_fields() -> None:
    CollectedField.objects.bulk_create(
        (
            CollectedField(
                subject=row["subject"],
                name=row["name"],
                label=row["label"],
                level=int(row["level"]),
                purpose=row["purpose"],
                source=row["source"],
                flows_back=row["flows_back"] == "yes",
                kept_years=int(row["kept_years"]),
                order=order,
            )
            for order, row in enumerate(rows("collected_fields.csv"))
        ),
        ignore_conflicts=True,
    )


def load_terms() -> None:
    def span(row: dict[str, str]) -> str:
        """“30 minute, working” is thirty minutes of working time."""
        return "working_minute" if (row["unit"], row["clock"]) == ("minute", "working") else row["unit"]

    Term.objects.bulk_create(
        (
            Term(
                promise_class=row["class"],
                promise=row["promise"],
                amount=int(row["amount"]),
                span=span(row),
                note=row["note"],
            )
            for row in rows("terms.csv")
        ),
        ignore_conflicts=True,
    )
    Rung.objects.bulk_create(
        (
            Rung(
                promise_class=row["class"],
                promise=row["promise"],
                side=row["side"],
                amount=int(row["amount"]),
                span=row["span"],
                effect=row["effect"],
                note=row["note"],
            )
            for row in rows("rungs.csv")
        ),
        ignore_conflicts=True,
    )
    Channel.objects.bulk_create(
        (Channel(code=row["code"], name=row["name"], order=i) for i, row in enumerate(rows("channels.csv"))),
        ignore_conflicts=True,
    )
    Setting.objects.bulk_create(
        (Setting(key=r["key"], value=int(r["value"]), name=r["name"], basis=r["basis"]) for r in rows("settings.csv")),
        ignore_conflicts=True,
    )
    if not StandingAuthorisation.objects.exists():
        StandingAuthorisation.objects.bulk_create(
            StandingAuthorisation(**row | {"requirements": row["requirements"].replace("；", "\n")})
            for row in rows("authorisations.csv")
        )
    Phrase.objects.bulk_create(
        (Phrase(kind=r["kind"], text=r["text"], order=i) for i, r in enumerate(rows("instruction_phrases.csv"))),
        ignore_conflicts=True,
    )
    ScriptLine.objects.bulk_create(
        (ScriptLine(part=row["part"], words=row["words"]) for row in rows("call_script.csv")), ignore_conflicts=True
    )
    WorkingHours.objects.get_or_create(
        since=date(2018, 1, 1),
        defaults={"am_start": time(8, 30), "am_end": time(12), "pm_start": time(13, 30), "pm_end": time(18)},
    )
