"""What style.md promises of every file, held by reading the files."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.house.sources import APPS, ROOT, calls, files, named, tree

OURS = files(*APPS)
EVERYTHING = [*OURS, *files("tests"), ROOT / "bootstrap.py", ROOT / "manage.py"]
DOORS = [path for path in OURS if "views" in named(path) or path.name in {"api.py", "desk.py", "demo_door.py"}]
NAMELESS = {"utils", "helpers", "common", "core", "base", "services"}
WRITES_A_STATUS = {"petitions/workflow/arrival.py", "petitions/step.py"}
OF_PEOPLE = "Petition|Notice|User|ApiKey|Attachment|Event|Callback|Dispatch|Draft|Access|Clock"
Offences = Iterator[tuple[int, str]]  # line, what is wrong there
Rule = Callable[[Path], Offences]


def held_by(paths: list[Path], rule: Rule) -> list[str]:
    return [f"{named(path)}:{line} {what}" for path in paths for line, what in rule(path)]


def test_no_file_is_longer_than_400_lines() -> None:
    assert not [named(path) for path in EVERYTHING if len(path.read_text().splitlines()) > 400]


def test_every_file_has_an_honest_name() -> None:
    assert not [named(path) for path in EVERYTHING if {path.stem, *path.relative_to(ROOT).parts} & NAMELESS]


def test_every_lock_names_no_key() -> None:
    """A plain FOR UPDATE dead-locks with the sweep."""

    def rule(path: Path) -> Offences:
        for call in calls(path, "select_for_update"):
            if "no_key" not in {keyword.arg for keyword in call.keywords}:
                yield call.lineno, "select_for_update"
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"FOR UPDATE( SKIP|$|;)", line):
                yield number, "FOR UPDATE"

    assert not held_by(OURS, rule)


def test_a_status_is_written_by_verbs_alone() -> None:
    def rule(path: Path) -> Offences:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                if any(isinstance(target, ast.Attribute) and target.attr == "status" for target in targets):
                    yield node.lineno, ".status ="
        for name in ("update", "create", "bulk_create", "Petition"):
            for call in calls(path, name):
                if "status" in {keyword.arg for keyword in call.keywords}:
                    yield call.lineno, f"{name}(status=…)"

    assert not held_by([path for path in OURS if named(path) not in WRITES_A_STATUS], rule)


def test_what_a_door_finds_it_finds_from_the_user() -> None:
    def rule(path: Path) -> Offences:
        for call in calls(path, "get_object_or_404"):
            if isinstance(call.args[0], ast.Name) and call.args[0].id[0].isupper():
                yield call.lineno, "a bare model"
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(rf"\b({OF_PEOPLE})\.objects\.(get|all|first|last)\(", line):
                yield number, "not from the user"

    assert not held_by([path for path in DOORS if named(path) != "shouyang/demo_door.py"], rule)


def test_our_apps_send_each_other_no_signals() -> None:
    """Celery's own, in the module that starts it, tie no app to another."""

    def rule(path: Path) -> Offences:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"django\.db\.models\.signals|django\.dispatch|\bSignal\(", line):
                yield number, line.strip()

    assert not held_by(OURS, rule)


def test_no_instant_is_naive() -> None:
    def rule(path: Path) -> Offences:
        for call in [call for name in ("utcnow", "utcfromtimestamp", "today", "now") for call in calls(path, name)]:
            of = getattr(getattr(call.func, "value", None), "id", "")
            if of in {"datetime", "date"} and not call.args:
                yield call.lineno, f"{of}.{getattr(call.func, 'attr', '')}()"

    assert not held_by(EVERYTHING, rule)


def test_verbs_are_told_the_time() -> None:
    """`now()` is called at the edges; a verb falls back to it only where nobody said `at`."""

    def rule(path: Path) -> Offences:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "now()" in line.replace("at or timezone.now()", "") and "`now()`" not in line:
                yield number, line.strip()

    names = ("step.py", "ledger.py", "clocks.py", "promises.py", "workdays.py")
    verbs = (ROOT / "petitions" / "workflow").glob("*.py")
    assert not held_by([*verbs, *(ROOT / "petitions" / name for name in names)], rule)
