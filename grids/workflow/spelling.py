"""What stands in a field, as people read it and as a change of it is kept."""

from django.db.models import Model


def words(row: Model, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return {None: "", True: "是", False: "否"}.get(value, str(value)) if not isinstance(value, str) else value
