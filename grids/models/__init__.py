from grids.models.catalogue import Admission, AdmissionEvent, CatalogueVersion, ListedItem
from grids.models.collected import CollectedField
from grids.models.compound import Building, Compound
from grids.models.dwelling import OF_HOMES, Dwelling, Tenancy
from grids.models.hazard import Hazard, HazardEvent
from grids.models.household import Colour, Household
from grids.models.item import Item, Span, Visibility
from grids.models.landmark import Landmark
from grids.models.place import CITY_CODE, Place
from grids.models.posting import Duty, Posting
from grids.models.premises import Premises, PremisesEvent
from grids.models.record import Change, HomeEvent, Submission
from grids.models.resident import Care, Resident
from grids.models.visit import Need, Visit, VisitClock, VisitRule

__all__ = [
    "CITY_CODE",
    "OF_HOMES",
    "Admission",
    "AdmissionEvent",
    "Building",
    "Care",
    "CatalogueVersion",
    "Change",
    "CollectedField",
    "Colour",
    "Compound",
    "Duty",
    "Dwelling",
    "Hazard",
    "HazardEvent",
    "HomeEvent",
    "Household",
    "Item",
    "Landmark",
    "ListedItem",
    "Need",
    "Place",
    "Posting",
    "Premises",
    "PremisesEvent",
    "Resident",
    "Span",
    "Submission",
    "Tenancy",
    "Visibility",
    "Visit",
    "VisitClock",
    "VisitRule",
]
