"""Which grid is meant: by the address, and by where this caller's earlier petitions were."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from grids import locate
from grids.locate import Proposal
from petitions.models import Petition

BEFORE = 0.6  # when all of a caller's petitions were in one grid, how likely the next one is too
INSIDE = 0.5  # of that, where the address names only the community around it: never sure


def places_for(address: str, history: Collection[Petition]) -> list[Proposal]:
    """Best first. An address that says the grid needs no history."""
    found = locate.by_address(address) if address else []
    if not history or (found and found[0].is_sure_of_a_grid):
        return found
    by_code = {proposal.place.code: proposal for proposal in found}
    places = {petition.place_id: petition.place for petition in history}
    for code, count in Counter(petition.place_id for petition in history).items():
        part, reason = BEFORE * count / len(history), f"该号码此前 {count} 件诉求在此"
        around = next((one for one in found if code.startswith(one.place.code)), None)
        if around is None and found:
            continue  # somewhere else than what is being said
        if around is None:
            by_code[code] = Proposal(places[code], reason, round(part, 2))
            continue
        part *= 1.0 if around.place.code == code else INSIDE
        score = round(1 - (1 - around.score) * (1 - part), 2)
        by_code[code] = replace(around, place=places[code], reason=f"{around.reason}；{reason}", score=score)
    return sorted(by_code.values(), key=lambda one: (-one.score, -len(one.place.code), one.place.code))
