"""A real browser: the system's Chromium, installed where that is possible, and its absence told rather than hidden."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import databases
from tests.browser.desks import Desks
from tests.browser.phone import Phone
from tests.browser.wire import Wire
from tests.cast import XIANGYANG_1
from tests.shouyang.portal import ROOT, Portal, lodging_for_a_test

# The first is Chromium without the window that no test looks at: the same pages take a sixth less time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium-headless-shell", "chromium")
DUE_TODAY = """UPDATE grids_visitclock SET due_on = current_date WHERE stopped_at IS NULL AND household_id IN (
    SELECT home.id FROM grids_household home JOIN grids_dwelling door ON door.id = home.dwelling_id
    WHERE door.place_id = %s ORDER BY home.id LIMIT 12)"""
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@cache
def chromium() -> str | None:
    return _installed() or (_install() and _installed()) or None


def _installed() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> bool:
    """apt-get takes turns by itself, so two test workers may both ask."""
    if not shutil.which("apt-get"):
        return False
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    waiting = ["-o", "DPkg::Lock::Timeout=600"]

    def apt_get(*words: str) -> bool:
        command = [*root, "apt-get", *waiting, *words]
        try:
            return subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
        except OSError:
            return False

    return apt_get("update", "-qq") and any(
        apt_get("install", "-y", "-qq", package, "fonts-noto-cjk") for package in PACKAGES
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        reason = "没有 Chromium，也无法用 apt 安装：浏览器测试未运行"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop would otherwise make Django believe that every test is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def portal() -> Iterator[Portal]:
    """The whole portal as `make run` starts it, web, worker and beat, in a small demo city of its own."""
    home = lodging_for_a_test()
    portal = Portal(home, DATABASE_URL=databases.copied("portal"))
    try:
        portal.start().until_ready()
        seed = [sys.executable, "manage.py", "seed", "--petitions", "600", "--homes", "10"]
        subprocess.run(seed, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
        yield portal
    finally:
        portal.close()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def desks(browser: Browser, portal: Portal) -> Iterator[Desks]:
    desks = Desks(browser, f"http://127.0.0.1:{portal.port}")
    yield desks
    desks.close()


@pytest.fixture
def wire(portal: Portal) -> Iterator[Wire]:
    wire = Wire(portal.port)
    yield wire
    wire.close()


@pytest.fixture
def phone(browser: Browser, portal: Portal, wire: Wire) -> Iterator[Phone]:
    """The grid worker's, on a day on which a dozen homes are to be visited."""
    with psycopg.connect(portal.environment["DATABASE_URL"], autocommit=True) as city:
        city.execute(DUE_TODAY, [XIANGYANG_1])
    phone = Phone.of(browser, wire, "worker")
    yield phone
    phone.context.close()
