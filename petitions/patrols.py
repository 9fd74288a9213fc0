"""What the pages of hazards show and do, gathered in a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse

from accounts.models import User
from grids.models import Hazard, HazardEvent, HazardPhoto, Place
from grids.models.hazard import HazardQuerySet
from grids.workflow import hazards, unphotographing
from petitions import choices, workflow
from petitions.forms.hazards import FORMS, SEND_ON, HazardForm, Seeing
from petitions.forms.words import first_sentence
from petitions.models import Attachment, Petition

COLUMNS = ("id", "found_at", "state", "address", "words", "recheck_on")
NAMES = {"item_name": F("item__name"), "place_name": F("place__name"), "finder": F("found_by__name")}
BUTTONS = {"solve": "记为已处置", "send_on": "上报", "recheck": "提交复查", "photograph": "上传照片"}
TITLES = {"solve": "已经处置好了", "send_on": "自己处置不了，上报", "recheck": "复查", "photograph": "补拍照片"}
ASIDE = "photograph"  # after it, what is to be done is still to be done
ONCE = "这一条刚才已经提交过了。"


@dataclass(frozen=True, slots=True)
class Doing:
    action: str
    title: str
    button: str
    form: Seeing


@dataclass(frozen=True, slots=True)
class SentOn:
    """A petition that was made of it; `href` is empty for who may not see it."""

    petition: Petition
    href: str


@dataclass(frozen=True, slots=True)
class File:
    doing: list[Doing]
    waits: str  # why nothing can be done now
    events: list[HazardEvent]
    removable: set[int]  # photos that this person may remove
    sent_on: list[SentOn]


def listed(rows: HazardQuerySet, place: Place | None) -> HazardQuerySet:
    return rows.in_place(place.code) if place else rows


def place_named(code: str) -> Place | None:
    return choices.places().get(code)


def open_file(hazard: Hazard, *, to: User, at: datetime, sent: dict[str, Seeing]) -> File:
    """`sent`: forms that came back with something wrong in them."""
    petitions = [origin.petition for origin in hazard.sent_on.select_related("petition__unit").order_by("pk")]
    hers = Petition.objects.visible_to(to).filter(pk__in=[one.pk for one in petitions])
    seen = set(hers.values_list("pk", flat=True))
    doing = [
        Doing(action, TITLES[action], BUTTONS[action], sent.get(action) or _form(action, hazard))
        for action in hazards.available(to, hazard, at)
    ]
    events = list(hazard.events.select_related("by").prefetch_related("photos"))
    return File(
        doing,
        "" if any(one.action != ASIDE for one in doing) else _why_nothing(hazard, to, at),
        events,
        {one.pk for event in events for one in event.photos.all() if unphotographing.offered(to, one, hazard)},
        [SentOn(one, f"/petitions/{one.number}/" if one.pk in seen else "") for one in petitions],
    )


def copies_of(photo: HazardPhoto) -> list[str]:
    """The numbers of the petitions that it went along with: they keep theirs."""
    same = Attachment.objects.filter(petition__origin__hazard=photo.event.hazard_id, sm3=photo.sm3)
    return list(same.order_by("petition").values_list("petition__number", flat=True).distinct())


def write_down(form: HazardForm, *, by: User, at: datetime, tell: Callable[[str], Any]) -> str:
    """Found, and what is done about it at once; where to go next. The same press again leads to the list."""
    said, hazard = form.cleaned_data, form.hazard()
    if said["next"] == SEND_ON:
        words = {"title": form.title, "content": said["words"]}
        petition = workflow.find_and_send_on(hazard, photos=said["photos"], key=said["key"], by=by, at=at, **words)
        done = f"已记下并上报，诉求编号 {petition.number}；办结后提醒您复查。" if petition else ONCE
    else:
        done_about_it = {name: said[name] for name in ("photos", "after_words", "after_photos")}
        found = hazards.find(hazard, key=said["key"], by=by, at=at, **done_about_it)
        done = ONCE if found is None else f"已记下。{_next_is(hazard)}"
    tell(done)
    return reverse("hazards:one", args=[hazard.pk]) if done != ONCE else reverse("hazards:list")


def act(action: str, hazard: Hazard, said: dict[str, Any], *, by: User, at: datetime) -> str:
    """Does it, and says what has happened and what comes next."""
    press: dict[str, Any] = {"key": said["key"], "seen": said["seen"], "by": by, "at": at}
    match action:
        case "solve":
            done = hazards.solve(hazard, after_words=said["after_words"], after_photos=said["after_photos"], **press)
        case "photograph":
            del press["seen"]
            done = workflow.photograph(hazard, photos=said["photos"], **press)
            return f"已上传 {len(said['photos'])} 张照片。" if done else ONCE
        case "send_on":
            words = {"title": first_sentence(said["content"]), "content": said["content"]}
            petition = workflow.send_on(hazard, **words, **press)
            return f"已上报，诉求编号 {petition.number}；办结后提醒您复查。" if petition else ONCE
        case _:
            looked = {"cleared": said["cleared"] == "yes", "words": said["words"], "photos": said["photos"]}
            done = hazards.recheck(hazard, **looked, **press)
    return _next_is(hazard) if done else ONCE


def _form(action: str, hazard: Hazard) -> Seeing:
    first = {"content": hazard.words} if action == "send_on" else {}
    return FORMS[action](hazard=hazard, initial={"seen": hazard.version, **first})


def _next_is(hazard: Hazard) -> str:
    match hazard.state:
        case Hazard.State.SOLVED:
            return f"已当场处置，{hazard.recheck_on} 复查。"
        case Hazard.State.CLEARED:
            return "复查无隐患，已销号。"
    return "等您处置，或上报。"


def _why_nothing(hazard: Hazard, user: User, at: datetime) -> str:
    match hazard.state:
        case Hazard.State.CLEARED:
            return "已销号，不用再做什么。"
        case Hazard.State.FOUND:
            return "由本网格的网格员、网格党支部书记或社区书记处置。"
    if why := hazards.hindrance("recheck", hazard, at):
        return why
    return f"由发现人{hazard.found_by}复查；她不再负责本网格时，由本网格的同事复查。"
