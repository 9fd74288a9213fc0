"""What the demo city says of itself: enough words, none left open, nobody real."""

import random
import re
from collections import Counter
from datetime import datetime, timedelta
from itertools import islice

import pytest

from accounts.models import Unit
from shouyang.demo import addresses, arrivals, handling, names, phrasings, staff
from shouyang.demo.addresses import Shape
from shouyang.demo.arrivals import NATURES
from shouyang.demo.cast import CAST
from shouyang.demo.history import ruled
from shouyang.demo.slots import moment
from shouyang.demo.tables import months, rows
from tests.cast import SHANGHAI

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=SHANGHAI)
ITEMS = [row["code"] for name in ("items.csv", "items_beyond.csv") for row in rows(name)]
GRIDS = [row["code"] for row in rows("grids.csv")]
OPEN = re.compile(r"[\[\]{}|]")
EVERY_UNIT = {row["name"] for name in ("departments.csv", "demo/units.csv") for row in rows(name)}


def letters(seed: int = 1) -> list[phrasings.Letter]:
    """Every phrasing made out once."""
    rng = random.Random(seed)
    return [
        phrasings.write(rng, phrasing, addresses.pick(rng, rng.choice(GRIDS), phrasing.shape), NOW)
        for phrasing in phrasings.phrasings()
    ]


def calls(count: int, seed: int = 1) -> list[tuple[str, str, str, str]]:
    """Channel, nature, item and title of so many calls."""
    rng = random.Random(seed)
    made = []
    for at, caller in zip(arrivals.times(rng, NOW, total=count), arrivals.callers(rng), strict=False):
        nature = arrivals.nature(rng)
        phrasing = phrasings.choose(rng, nature, at.month)
        letter = phrasings.write(rng, phrasing, arrivals.scene(rng, caller, phrasing.shape), at)
        channel = arrivals.channel(rng, at, phrasing.item, nature, first_person=letter.first_person)
        made.append((channel, nature, phrasing.item, letter.title))
    return made


# --- Words ---------------------------------------------------------------------------------------


def test_there_are_56_items_of_the_grid_and_20_beyond() -> None:
    assert (len(rows("items.csv")), len(rows("items_beyond.csv")), len(set(ITEMS))) == (56, 20, 76)


def test_every_item_is_said_in_at_least_six_ways() -> None:
    ways = Counter(phrasing.item for phrasing in phrasings.phrasings())
    assert set(ways) == set(ITEMS)
    assert min(ways.values()) >= 6
    contents = [phrasing.content for phrasing in phrasings.phrasings()]
    assert len(set(contents)) == len(contents)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_item_and_nature_has_something_to_say_all_year(month: int) -> None:
    said = [phrasing for phrasing in phrasings.phrasings() if month in phrasing.months]
    assert min(Counter(phrasing.item for phrasing in said).values()) >= 3
    assert {phrasing.nature for phrasing in said} == set(NATURES)


def test_no_slot_or_choice_is_left_open() -> None:
    rng = random.Random(2)
    for letter in letters():
        written = [letter.title, letter.content, handling.result(rng, letter), handling.contact(rng, letter)]
        written += [handling.remark(rng, letter), handling.basis(letter)]
        written += [handling.sentence(rng, kind, letter) for kind in ("opinion", "again", "wish", "praise", "reopen")]
        assert all(written), letter
        assert not [text for text in written if OPEN.search(text)], letter
        assert len(letter.title) <= 80
        assert 12 <= len(letter.content) <= 300


def test_every_choice_offers_something_to_choose() -> None:
    texts = [phrasing.title + phrasing.content + phrasing.reply for phrasing in phrasings.phrasings()]
    texts += [row["text"] for domain in "ABCDEF" for row in rows(f"demo/handling/{domain}.csv")]
    texts += [row["text"] for row in rows("demo/sentences.csv")]
    for text in texts:
        assert all("|" in choice for choice in re.findall(r"\[([^\]]*)\]", text)), text
        assert text.count("[") == text.count("]"), text
        assert "|" not in re.sub(r"\[[^\]]*\]", "", text), text


def test_every_item_has_three_results_and_every_case_one_of_its_own() -> None:
    for domain in "ABCDEF":
        table = rows(f"demo/handling/{domain}.csv")
        results = [row for row in table if row["kind"] == "result"]
        assert min(Counter(row["item"] for row in results).values()) >= 3
        assert all(row["cases"] for row in results)
    for letter in letters():
        answered = letter.phrasing.reply or letter.phrasing.nature in ("suggestion", "thanks")
        assert answered or handling._of_case(letter, "result"), letter


def test_a_question_gets_its_own_answer() -> None:
    assert all(phrasing.reply for phrasing in phrasings.phrasings() if phrasing.nature == "consultation")


def test_refusals_name_a_reason_and_a_direction() -> None:
    assert len(handling.refused()) >= 8
    for refused in handling.refused():
        assert refused.item in ITEMS
        assert refused.nature in NATURES
        assert refused.reason
        assert refused.direction
        assert not OPEN.search(refused.content)


def test_the_same_seed_says_the_same() -> None:
    assert calls(300, seed=7) == calls(300, seed=7)
    assert calls(300, seed=7) != calls(300, seed=8)
    assert list(staff.others(random.Random(7))) == list(staff.others(random.Random(7)))


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(minutes=5), "刚才"),
        (timedelta(hours=3), "今天早上7点多"),
        (timedelta(hours=12), "昨天晚上10点多"),
        (timedelta(days=2), "前天上午10点多"),
        (timedelta(days=5), "11月17日上午"),
        (timedelta(hours=10, minutes=20), "今天凌晨12点左右"),
    ],
)
def test_moments_are_named_as_people_name_them(before: timedelta, said: str) -> None:
    assert moment(NOW, NOW - before) == said


def test_a_season_runs_over_new_year() -> None:
    assert months("11-3") == {11, 12, 1, 2, 3}
    assert months("5-9") == {5, 6, 7, 8, 9}
    assert len(months("")) == 12


# --- Shares --------------------------------------------------------------------------------------


def test_natures_items_and_channels_come_in_plausible_shares() -> None:
    made = calls(6000)
    natures = Counter(nature for _, nature, _, _ in made)
    assert all(abs(natures[nature] / 60 - share) < 2.5 for nature, share in NATURES.items())
    channels = Counter(channel for channel, *_ in made)
    assert 0.5 < channels["12345"] / 6000 < 0.65
    assert set(channels) == {row["code"] for row in rows("channels.csv")}
    items = Counter(item for _, _, item, _ in made)
    assert len(items) >= 70
    assert max(items.values()) < 600
    assert len({title for *_, title in made}) > 1500


def test_mondays_and_mornings_are_busy_and_nights_are_quiet() -> None:
    instants = arrivals.times(random.Random(3), NOW)
    assert len(instants) == 11_889
    assert instants == sorted(instants)
    assert NOW - timedelta(days=30) <= instants[0] < instants[-1] < NOW
    hours = Counter(at.hour for at in instants)
    assert hours[10] > 2 * hours[12]
    assert sum(hours[hour] for hour in range(6)) < 0.04 * len(instants)
    days = Counter(at.weekday() for at in instants)
    assert days[0] > 1.3 * days[6]


def test_some_callers_call_again_and_the_old_are_heard() -> None:
    callers = list(islice(arrivals.callers(random.Random(4)), 4000))
    assert 0.12 < 1 - len({caller.phone for caller in callers}) / 4000 < 0.22
    assert 0.14 < sum(caller.elderly for caller in callers) / 4000 < 0.22


def test_the_grid_of_the_cast_is_not_a_quiet_one() -> None:
    for seed in range(5):
        crowd = arrivals.crowds(random.Random(seed))
        assert min(crowd[grid] for grid in GRIDS if grid.startswith("370783001901")) > 1
        assert max(crowd.values()) > 5 * min(crowd.values())


def test_those_who_report_others_ask_for_silence() -> None:
    rng = random.Random(5)
    asked = [arrivals.secrecy(rng, "report", "public") for _ in range(2000)]
    assert 0.5 < sum(confidential for _, confidential in asked) / 2000 < 0.6
    open_minded = [arrivals.secrecy(rng, "assistance", "public") for _ in range(2000)]
    assert sum(confidential for _, confidential in open_minded) < 60


# --- Nobody real ---------------------------------------------------------------------------------


def test_every_phone_lies_in_the_demo_range() -> None:
    rng = random.Random(6)
    phones = [names.phone(rng) for _ in range(500)]
    phones += [person.mobile for person in staff.others(rng)]
    phones += [caller.phone for caller in islice(arrivals.callers(rng), 500)]
    assert all(re.fullmatch(r"120\d{8}", phone) for phone in phones)


def test_no_text_names_a_phone_number_of_a_person() -> None:
    for letter in letters():
        assert not re.search(r"\d{7,}", letter.content + letter.title)


def test_invented_units_say_so() -> None:
    for row in rows("demo/units.csv"):
        assert (row["fictional"] == "yes") == row["name"].endswith("（演示）"), row
    kinds = Counter(row["kind"] for row in rows("demo/units.csv"))
    wanted = {"国有企业": 13, "金融机构": 38, "学校": 23, "医院": 10, "物业公司": 20}
    assert {kind: kinds[kind] for kind in wanted} == wanted
    firms = {row["property_company"] for row in rows("demo/compounds.csv") if row["compound"]}
    assert firms <= {row["name"] for row in rows("demo/units.csv") if row["kind"] == "物业公司"}


def test_every_line_leads_to_a_unit_and_only_the_street_depends_on_the_place() -> None:
    units = {row["line"]: row["unit"] for row in rows("lines.csv")}
    leading = {row["lead_department"] for name in ("items.csv", "items_beyond.csv") for row in rows(name)}
    assert leading <= set(units)
    assert {line for line, unit in units.items() if unit not in EVERY_UNIT} == {"街道"}
    assert len(set(units.values())) == len(units)


# --- The invented city ---------------------------------------------------------------------------


def test_every_grid_has_compounds_and_a_road() -> None:
    assert set(addresses.grounds()) == set(GRIDS)
    for ground in addresses.grounds().values():
        assert 2 <= len(ground.compounds) <= 3
        assert 1 <= len(ground.stretches) <= 2


def test_a_compound_name_means_one_grid_and_hides_in_no_other_name() -> None:
    compounds = [c.name for ground in addresses.grounds().values() for c in ground.compounds]
    assert len(set(compounds)) == len(compounds)
    others = compounds + sorted({s.road for ground in addresses.grounds().values() for s in ground.stretches})
    assert not [(one, other) for one in compounds for other in others if one != other and one in other]


def test_a_house_number_means_one_grid() -> None:
    owners = Counter(
        (stretch.road, number)
        for ground in addresses.grounds().values()
        for stretch in ground.stretches
        for number in range(stretch.first, stretch.last + 1)
    )
    assert max(owners.values()) == 1
    for ground in addresses.grounds().values():
        for compound in ground.compounds:
            assert any(s.road == compound.road and s.first <= compound.number <= s.last for s in ground.stretches)


@pytest.mark.parametrize("shape", Shape)
def test_addresses_come_in_several_shapes_and_fit_the_form(shape: Shape) -> None:
    rng = random.Random(9)
    texts = [addresses.pick(rng, rng.choice(GRIDS), shape).text for _ in range(400)]
    assert len(set(texts)) > 350
    assert max(map(len, texts)) <= 60


# --- Who works here ------------------------------------------------------------------------------


def test_three_hundred_workers_serve_all_338_grids() -> None:
    everyone = list(staff.others(random.Random(1)))
    served: dict[str, list[str]] = {
        person.username: [post.place for post in person.posts if post.duty == "grid_worker"] for person in everyone
    }
    served |= {part.username: [part.place] for part in CAST if "grid_worker" in part.duties}
    workers = {username: grids for username, grids in served.items() if grids}
    assert len(workers) == 300
    assert sorted(grid for grids in workers.values() for grid in grids) == sorted(GRIDS)
    assert max(len(grids) for grids in workers.values()) == 2
    assert all(len({grid[:12] for grid in grids}) == 1 for grids in workers.values())
    assert workers["worker"] == ["370783001901001"]


def test_every_unit_that_leads_a_line_can_receive_handle_and_approve() -> None:
    everyone = list(staff.others(random.Random(1)))
    posts = {(post.unit, post.duty) for person in everyone for post in person.posts}
    posts |= {(part.unit, duty) for part in CAST for duty in part.duties}
    streets = {f"{row['street']}办事处" for row in rows("communities.csv")}
    for unit in {row["unit"] for row in rows("lines.csv") if row["unit"]} | streets:
        assert {(unit, duty) for duty in ("receiver", "handler", "head")} <= posts, unit


def test_secretaries_and_usernames() -> None:
    everyone = list(staff.others(random.Random(1)))
    duties = Counter(post.duty for person in everyone for post in person.posts)
    duties.update(duty for part in CAST for duty in part.duties)
    assert duties["community_secretary"] == 36
    assert duties["street_officer"] == 5
    assert 300 <= duties["grid_secretary"] < 338
    usernames = [person.username for person in everyone] + [part.username for part in CAST]
    assert len(set(usernames)) == len(usernames)


def test_the_centre_rules_for_whose_the_item_is_where_that_is_one_of_the_two() -> None:
    units, rng = [Unit(pk=n) for n in (1, 2)], random.Random(1)
    assert {ruled(units, 2, rng).pk for _ in range(20)} == {2}
    assert {ruled(units, None, rng).pk for _ in range(20)} == {ruled(units, 3, rng).pk for _ in range(20)} == {1, 2}
