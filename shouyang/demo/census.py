"""The rows of the people of a grid: households, residents, and the care that somebody of them needs."""

import random
from collections.abc import Iterator, Sequence

from accounts.models import User
from accounts.sealing import fingerprint_many, seal_many
from grids.models import Care, Household, Resident
from shouyang.demo.copying import NULL, Table, moment, octets, sealed, yes
from shouyang.demo.neighbours import Home
from shouyang.demo.people import AROUND, ETHNICITIES

HERE = "潍坊市寿光市"
Sealed = tuple[str, ...]  # of one row: each word and by what it is found


class Census:
    def __init__(self) -> None:
        self.households = Table(
            Household, "id", "dwelling_id", "kind", "colour", "contact_id", "phone", "phone_fingerprint", "hardship",
            "welfare", "since", "visited_at", illustrative="t",
        )  # fmt: skip
        self.residents = Table(
            Resident, "id", "household_id", "relation", "sex", "born_on", "document", "name", "name_fingerprint",
            "id_number", "id_fingerprint", "phone", "phone_fingerprint", "ethnicity", "registered_at",
            "lives_where_registered", "education", "marriage", "politics", "party_branch", "employment", "workplace",
            "insured", "volunteer", "skills", "since", illustrative="t",
        )  # fmt: skip
        self.cares = Table(
            Care, "id", "resident_id", "category", "category_fingerprint", "degree", "need", "guardian", "health",
            "device", "helper_id", "assessed_on", "since",
        )  # fmt: skip
        self.lived = self.people = 0

    def of(
        self, rng: random.Random, grid: str, homes: Sequence[Home], at_work: Sequence[User]
    ) -> Iterator[tuple[Table, bytes]]:
        numbers = self._number(homes)
        yield self.households, self.households.lines(self._households(homes, numbers))
        yield self.residents, self.residents.lines(self._residents(rng, grid, homes, numbers))
        yield self.cares, self.cares.lines(self._cares(homes, numbers, at_work))
        self.lived, self.people = self.lived + len(homes), self.people + sum(map(len, numbers))

    def _number(self, homes: Sequence[Home]) -> list[list[str]]:
        """The keys of everybody in each home."""
        for home in homes:
            home.pk = self.households.number()
        return [[str(self.residents.number()) for _ in home.family.people] for home in homes]

    def _households(self, homes: Sequence[Home], numbers: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
        phones = [home.family.people[home.family.contact].phone for home in homes]
        hardships = seal_many(home.family.hardship for home in homes)
        welfares = seal_many(home.family.welfare for home in homes)
        said = zip(_sealed(phones), hardships, welfares, strict=True)
        for home, own, (phone, hardship, welfare) in zip(homes, numbers, said, strict=True):
            visits = home.story.visits
            yield (
                str(home.pk), str(home.dwelling), "floating" if home.family.renting else "permanent", home.colour,
                own[home.family.contact], *phone, sealed(hardship), sealed(welfare), str(home.since),
                moment(visits[-1]) if visits else NULL,
            )  # fmt: skip

    def _residents(
        self, rng: random.Random, grid: str, homes: Sequence[Home], numbers: Sequence[Sequence[str]]
    ) -> Iterator[tuple[str, ...]]:
        every = [person for home in homes for person in home.family.people]
        names, ids, phones = (_sealed([getattr(one, of) for one in every]) for of in ("name", "id_number", "phone"))
        for home, own in zip(homes, numbers, strict=True):
            origin = rng.choice(AROUND) if home.family.renting else HERE
            ethnicity, since = rng.choice(ETHNICITIES), str(home.since)
            for number, person in zip(own, home.family.people, strict=True):
                yield (
                    number, str(home.pk), person.relation, person.sex, str(person.born_on),
                    "id_card" if person.id_number else "none", *next(names), *next(ids), *next(phones),
                    ethnicity, origin, yes(origin is HERE and rng.random() < 0.93), person.education, person.marriage,
                    person.politics, f"{grid}党支部" if person.politics == "party" else "", person.employment,
                    person.workplace, yes(rng.random() < 0.96), yes(person.adult and rng.random() < 0.04),
                    person.skills, max(since, str(person.born_on)),
                )  # fmt: skip

    def _cares(
        self, homes: Sequence[Home], numbers: Sequence[Sequence[str]], at_work: Sequence[User]
    ) -> Iterator[tuple[str, ...]]:
        helpers = (*(str(user.pk) for user in at_work), NULL)  # in turns, and now and then nobody yet
        cared = [
            (home, number, care)
            for home, own in zip(homes, numbers, strict=True)
            for number, person in zip(own, home.family.people, strict=True)
            for care in person.cares
        ]
        categories = _sealed([care.category for _, _, care in cared])
        hidden = (
            seal_many(getattr(care, of) for _, _, care in cared) for of in ("degree", "need", "guardian", "health")
        )
        for (home, number, care), category, *told in zip(cared, categories, *hidden, strict=True):
            since = str(home.story.founded_at.date())
            key = self.cares.number()
            helper = helpers[key % len(helpers)]
            yield (str(key), number, *category, *map(sealed, told), care.device, helper, since, since)


def _sealed(words: Sequence[str]) -> Iterator[Sealed]:
    """Each word sealed, and by what it is found."""
    both = zip(seal_many(words), fingerprint_many(words), strict=True)
    return ((sealed(raw), octets(found)) for raw, found in both)
