"""What the portal can know by itself while a call is written down, each with its reason."""

from petitions.proposals.items import ItemProposal, items_for
from petitions.proposals.outlook import Outlook, outlook
from petitions.proposals.places import places_for
from petitions.proposals.units import UnitProposal, unit_for

__all__ = ["ItemProposal", "Outlook", "UnitProposal", "items_for", "outlook", "places_for", "unit_for"]
