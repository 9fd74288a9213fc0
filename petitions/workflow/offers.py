"""What may be done now."""

from datetime import datetime

from accounts.models import User
from petitions import ledger
from petitions.hindrances import hindrance
from petitions.models import Petition
from petitions.permissions import is_among
from petitions.reading import PageLedger
from petitions.rules import NOT_BUTTONS, RULES


def available(petition: Petition, user: User, at: datetime) -> dict[str, str]:
    """The actions this person has on this petition in its present state, each with what still stands in its way.

    Buttons, the API's `actions` and `hindered`, and the guard of every verb agree.
    """
    with ledger.using(PageLedger()):
        return {
            action: hindrance(action, petition, by=user, at=at)
            for action, rule in RULES.items()
            if action not in NOT_BUTTONS and petition.status in rule.sources and is_among(user, rule.who, petition)
        }
