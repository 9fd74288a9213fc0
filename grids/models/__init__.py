from grids.models.catalogue import Admission, AdmissionEvent, CatalogueVersion, ListedItem
from grids.models.collected import CollectedField
from grids.models.compound import Building, Compound
from grids.models.coverage import CoverageAsk, CoverageFinding, CoverageRun, ask_for_checks
from grids.models.dwelling import OF_HOMES, Dwelling, Tenancy
from grids.models.erasure import Erasure
from grids.models.facts_change import FactsChange
from grids.models.hazard import Hazard, HazardEvent
from grids.models.hazard_photo import HazardPhoto
from grids.models.household import Colour, Household
from grids.models.importing import ColumnsKnown, Import, ImportCare, ImportLine, ImportProblem
from grids.models.item import Item, Span, Visibility
from grids.models.landmark import Landmark
from grids.models.leave import Leave
from grids.models.place import CITY_CODE, Place
from grids.models.point_move import PointMove
from grids.models.posting import HELPING, LINES, OF_A_GRID, STAFFING_READERS, Duty, Posting
from grids.models.premises import Premises, PremisesEvent
from grids.models.record import Change, HomeEvent, Submission
from grids.models.resident import Care, Resident
from grids.models.staffing import PostingEvent, StaffingRule
from grids.models.version import PlaceVersion
from grids.models.visit import Need, Visit, VisitClock, VisitRule

__all__ = [
    "CITY_CODE",
    "HELPING",
    "LINES",
    "OF_A_GRID",
    "OF_HOMES",
    "STAFFING_READERS",
    "Admission",
    "AdmissionEvent",
    "Building",
    "Care",
    "CatalogueVersion",
    "Change",
    "CollectedField",
    "Colour",
    "ColumnsKnown",
    "Compound",
    "CoverageAsk",
    "CoverageFinding",
    "CoverageRun",
    "Duty",
    "Dwelling",
    "Erasure",
    "FactsChange",
    "Hazard",
    "HazardEvent",
    "HazardPhoto",
    "HomeEvent",
    "Household",
    "Import",
    "ImportCare",
    "ImportLine",
    "ImportProblem",
    "Item",
    "Landmark",
    "Leave",
    "ListedItem",
    "Need",
    "Place",
    "PlaceVersion",
    "PointMove",
    "Posting",
    "PostingEvent",
    "Premises",
    "PremisesEvent",
    "Resident",
    "Span",
    "StaffingRule",
    "Submission",
    "Tenancy",
    "Visibility",
    "Visit",
    "VisitClock",
    "VisitRule",
    "ask_for_checks",
]
