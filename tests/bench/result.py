"""What one measurement found."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Result:
    name: str
    unit: str
    ours: float
    reference: float
    reference_is: str
    reach: float | None = None  # the ratio to reach; None: a finding, not a target
    floor: float | None = None  # or an absolute number of `unit` to reach
    misses: list[str] = field(default_factory=list)  # other targets of this measurement that were missed
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.ours / self.reference if self.reference else 0.0

    @property
    def reached(self) -> bool:
        enough = self.reach is None or self.ratio >= self.reach
        return enough and (self.floor is None or self.ours >= self.floor) and not self.misses

    def as_row(self) -> dict[str, Any]:
        return asdict(self) | {"ratio": round(self.ratio, 3), "reached": self.reached}

    def __str__(self) -> str:
        target = "" if self.reach is None else f" (reach {self.reach})"
        target += "" if self.floor is None else f" (at least {self.floor:,.0f} {self.unit})"
        verdict = "ok" if self.reached else "MISSED"
        lines = [
            f"{self.name}: ours {self.ours:,.0f} {self.unit}, reference {self.reference:,.0f} {self.unit}"
            f" ({self.reference_is}), ratio {self.ratio:.2f}{target}: {verdict}",
            *(f"    {name}: {value}" for name, value in self.notes.items()),
            *(f"    MISSED {miss}" for miss in self.misses),
        ]
        return "\n".join(lines)
