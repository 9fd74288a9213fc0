from grids.models.item import Item, Span, Visibility
from grids.models.place import Place
from grids.models.posting import Duty, Posting

__all__ = ["Duty", "Item", "Place", "Posting", "Span", "Visibility"]
