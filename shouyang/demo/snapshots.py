"""Photos of a few hazards in the cast's grid and beside it: plainly drawn, in flat colours, and kept as if uploaded."""

import io
from collections.abc import Callable, Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw

from accounts.files import check, gone_if_undone
from accounts.pictures import QUALITY, Bare, bare
from grids.models import Hazard, HazardEvent
from grids.workflow import photographs
from shouyang.demo.cast import COMMUNITY, GRID

SIZE = (960, 720)
HAZARDS = 3  # with two photos each, before and after
Pen = ImageDraw.ImageDraw
Scene = Callable[[Pen, int, bool], None]  # how far to the left, and whether it has been solved
Action = HazardEvent.Action

WALL, FLOOR, CEILING, FAR = "#d8d2c4", "#9c9484", "#ece8de", "#c4bdac"
GREEN, BROWN, TAPE, RED, DARK, SKY = "#4f7d5b", "#b78a56", "#d9b98a", "#b3423a", "#3b3f45", "#a9c6dd"


def take() -> None:
    """Whoever looks at them sees that nobody stood there with a camera."""
    with gone_if_undone() as written, transaction.atomic():
        for event, drawn in _shots():
            photographs.keep(event, [drawn], written, named="photos")


def _shots() -> Iterator[tuple[HazardEvent, Bare]]:
    number = 0
    for hazard, scene in _chosen():
        for event in hazard.events.filter(action__in=(Action.FOUND, Action.SOLVED)):
            number += 1
            yield event, _drawn(scene, number, solved=event.action == Action.SOLVED)


def _chosen() -> Iterator[tuple[Hazard, Scene]]:
    """Those of the cast's grid before those of its neighbours, each scene once as long as there are others."""
    open_ones = Hazard.objects.open().in_place(COMMUNITY).order_by("-found_at", "-pk")
    here = sorted(open_ones, key=lambda one: one.place_id != GRID)
    fitting = [(one, scene) for one in here if (scene := _scene_of(one.words))]
    first = {scene: one for one, scene in reversed(fitting)}
    yield from sorted(fitting, key=lambda pair: first[pair[1]] != pair[0])[:HAZARDS]


def _scene_of(words: str) -> Scene | None:
    return next((scene for word, scene in SCENES.items() if word in words), None)


def _drawn(scene: Scene, number: int, *, solved: bool) -> Bare:
    """No two are the same file: each is seen from a little further to the left."""
    picture = Image.new("RGB", SIZE, WALL)
    scene(ImageDraw.Draw(picture), 6 * number, solved)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=QUALITY)
    upload = SimpleUploadedFile("演示.jpg", content.getvalue(), "image/jpeg")
    check(upload)
    return bare(upload)


# --- What is seen -----------------------------------------------------------------------------------------


def _corridor(pen: Pen, x: int) -> None:
    far = (330 - x, 180, 630 - x, 470)
    left, top, right, bottom = far
    pen.polygon([(0, 0), (960, 0), (right, top), (left, top)], CEILING)
    pen.polygon([(0, 720), (960, 720), (right, bottom), (left, bottom)], FLOOR)
    pen.rectangle(far, FAR)
    pen.rectangle((430 - x, 250, 530 - x, 470), GREEN)
    pen.ellipse((512 - x, 356, 522 - x, 366), TAPE)
    pen.polygon([(60 - x, 150), (220 - x, 200), (220 - x, 560), (60 - x, 650)], GREEN)


def _boxes(pen: Pen, x: int, solved: bool) -> None:
    _corridor(pen, x)
    if not solved:
        for left, top, size in ((560, 430, 210), (620, 270, 160), (480, 560, 150), (720, 520, 190)):
            pen.rectangle((left - x, top, left + size - x, top + size), BROWN, DARK, 3)
            pen.rectangle((left + size * 2 // 5 - x, top, left + size * 3 // 5 - x, top + size), TAPE)


def _cable(pen: Pen, x: int, solved: bool) -> None:
    _corridor(pen, x)
    pen.rectangle((690 - x, 120, 880 - x, 330), SKY, DARK, 8)
    if not solved:
        pen.line([(790 - x, 330), (770 - x, 420), (800 - x, 500), (730 - x, 560), (650 - x, 570)], RED, 9, "curve")
        for left in (380, 590):
            pen.ellipse((left - x, 560, left + 110 - x, 670), None, DARK, 16)
        pen.line([(435 - x, 615), (520 - x, 600), (645 - x, 615), (620 - x, 500), (660 - x, 480)], DARK, 18, "curve")
        pen.rounded_rectangle((430 - x, 510, 560 - x, 545), 14, RED)


def _bottle(pen: Pen, x: int, solved: bool) -> None:
    for row in range(0, 480, 80):
        pen.line([(0, row), (960, row)], CEILING, 4)
    pen.rectangle((0, 480, 960, 720), FLOOR)
    pen.rectangle((90 - x, 330, 560 - x, 620), FAR, DARK, 4)
    pen.rectangle((70 - x, 300, 580 - x, 340), DARK)
    if solved:
        pen.rectangle((250 - x, 150, 410 - x, 300), SKY, DARK, 6)
    else:
        pen.rounded_rectangle((640 - x, 330, 790 - x, 640), 50, RED, DARK, 4)
        pen.rectangle((695 - x, 280, 735 - x, 335), DARK)
        pen.line([(715 - x, 290), (640 - x, 230), (560 - x, 300)], DARK, 10, "curve")
        pen.rectangle((830 - x, 470, 930 - x, 640), TAPE, DARK, 4)


def _window(pen: Pen, x: int, solved: bool) -> None:
    for top in range(0, 720, 60):
        pen.line([(0, top), (960, top)], FAR, 3)
    pen.rectangle((250 - x, 120, 710 - x, 600), SKY, DARK, 12)
    pen.line([(480 - x, 120), (480 - x, 600)], DARK, 12)
    sash = (
        [(480, 130), (700, 130), (700, 590), (480, 590)] if solved else [(480, 130), (790, 220), (740, 690), (500, 600)]
    )
    pen.polygon([(east - x, north) for east, north in sash], CEILING if solved else TAPE, DARK, 8)


def _strips(pen: Pen, x: int, solved: bool) -> None:
    pen.rectangle((0, 520, 960, 720), FLOOR)
    pen.rectangle((60 - x, 60, 330 - x, 560), FAR, DARK, 4)
    pen.rectangle((600 - x, 430, 940 - x, 600), SKY, DARK, 4)
    pen.rectangle((600 - x, 390, 700 - x, 440), CEILING, DARK, 4)
    pen.rectangle((430 - x, 170, 500 - x, 240), CEILING, DARK, 4)
    if not solved:
        pen.line([(465 - x, 205), (420 - x, 420), (430 - x, 640)], RED, 9, "curve")
        pen.line([(560 - x, 640), (600 - x, 680), (660 - x, 645)], RED, 9, "curve")
        for left in (390, 640):
            pen.rounded_rectangle((left - x, 615, left + 190 - x, 665), 10, CEILING, DARK, 4)
            for hole in range(left + 25, left + 180, 45):
                pen.rectangle((hole - x, 632, hole + 20 - x, 648), DARK)


def _lane(pen: Pen, x: int, solved: bool) -> None:
    pen.rectangle((0, 0, 960, 170), SKY)
    pen.rectangle((0, 110, 960, 400), WALL)
    for left in range(40, 960, 180):
        pen.rectangle((left - x, 170, left + 90 - x, 290), SKY, DARK, 4)
    pen.rectangle((0, 400, 960, 720), DARK)
    for left in range(-60, 960, 140):
        pen.polygon([(left - x, 690), (left + 60 - x, 690), (left + 140 - x, 560), (left + 80 - x, 560)], TAPE)
    if not solved:
        pen.polygon([(330 - x, 460), (400 - x, 360), (620 - x, 360), (700 - x, 460)], SKY, DARK, 6)
        pen.rounded_rectangle((210 - x, 450, 800 - x, 590), 30, RED)
        for left in (290, 610):
            pen.ellipse((left - x, 530, left + 110 - x, 640), "black", FAR, 12)


SCENES: dict[str, Scene] = {  # by a word of what was found
    "纸箱": _boxes,
    "飞线": _cable,
    "插线板": _strips,
    "液化气瓶": _bottle,
    "燃气软管": _bottle,
    "窗扇": _window,
    "消防通道": _lane,
}
