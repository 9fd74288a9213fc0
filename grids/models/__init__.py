from grids.models.item import Item, Span, Visibility
from grids.models.landmark import Landmark
from grids.models.place import CITY_CODE, Place
from grids.models.posting import Duty, Posting

__all__ = ["CITY_CODE", "Duty", "Item", "Landmark", "Place", "Posting", "Span", "Visibility"]
