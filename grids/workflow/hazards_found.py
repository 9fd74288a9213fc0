"""A hazard that somebody has seen enters the record."""

from grids.models import Hazard, HazardEvent, Item
from grids.workflow.holding import Home


def found(home: Home, item: Item, words: str) -> Hazard:
    """Inside of a submission that holds the home in which it was seen."""
    dwelling = home.household.dwelling
    hazard = Hazard.objects.create(
        item=item,
        place_id=dwelling.place_id,
        household=home.household,
        address=dwelling.address,
        words=words,
        found_by=home.by,
        found_at=home.at,
    )
    HazardEvent.objects.create(hazard=hazard, action=HazardEvent.Action.FOUND, at=home.at, by=home.by, note=words)
    return hazard
