"""What is installed is what was locked: hashes for everything, and no address of any registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUN = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["local"]]
DEV = [*RUN, *PROJECT["optional-dependencies"]["dev"]]
NODE = PROJECT["optional-dependencies"]["node"]
LOCKS = [("requirements.txt", RUN), ("requirements-dev.txt", DEV), ("requirements-node.txt", NODE)]
ENTRY = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)(?:[^\n]*?)\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", name)[0]).lower()  # type: ignore[index]


@pytest.mark.parametrize(("lock", "wanted"), LOCKS)
def test_every_direct_dependency_is_locked(lock: str, wanted: list[str]) -> None:
    locked = {plain(entry[1]) for entry in ENTRY.finditer((ROOT / lock).read_text())}
    assert {plain(name) for name in wanted} <= locked


@pytest.mark.parametrize("lock", [lock for lock, _ in LOCKS])
def test_every_entry_of_the_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pinned = re.findall(r"^[A-Za-z0-9].*$", text, re.M)
    assert pinned
    assert len(pinned) == len(ENTRY.findall(text))
    assert "://" not in text


def test_what_runs_is_what_is_tested() -> None:
    """The larger lock pins the same versions as the smaller one."""

    def versions(lock: str) -> set[tuple[str, str]]:
        return {(plain(entry[1]), entry[2]) for entry in ENTRY.finditer((ROOT / lock).read_text())}

    assert versions("requirements.txt") <= versions("requirements-dev.txt")


def test_the_front_end_lock_has_integrity_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert set(wanted) <= {path.removeprefix("node_modules/") for path in packages}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not [path for path, package in packages.items() if "resolved" in package]
