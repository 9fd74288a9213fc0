"""What would be promised if a call were saved and dispatched this minute."""

from dataclasses import dataclass
from datetime import datetime

from grids.models import Span
from petitions import clocks, terms, timeleft
from petitions.models import Clock, Petition, Promise, PromiseClass


@dataclass(frozen=True)
class Promised:
    clock: Clock
    label: str
    length: str
    since: str
    working: timeleft.Working


@dataclass(frozen=True)
class Outlook:
    """Its class, and when each promise falls due."""

    promise_class: str
    promises: list[Promised]


def outlook(petition: Petition, at: datetime) -> Outlook:
    wanted = [Promise.DISPATCH, Promise.CONTACT, Promise.RESOLVE]
    if not petition.reachable:
        wanted.remove(Promise.CONTACT)
    return Outlook(
        PromiseClass(terms.class_of(petition)).label,
        [_promised(clocks.plan(petition, promise, at)) for promise in wanted],
    )


def _promised(clock: Clock) -> Promised:
    return Promised(
        clock=clock,
        label=Promise(clock.promise).label,
        length=f"{clock.amount} {Span(clock.span).label}",
        since="登记" if clock.promise == Promise.DISPATCH else "派单",
        working=timeleft.explain(clock),
    )
