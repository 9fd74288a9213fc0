"""Which web server, with which threads: the portal's list page and call form behind each, in one run."""

import sys

from django.utils import timezone

from shouyang import processes
from tests.bench import city, facet_list, register, web
from tests.bench.load import Load, Request, load
from tests.bench.result import Result

SECONDS = {"small": 2.0, "full": 10.0}
PETITIONS = 20_000


def granian(workers: int, threads: int) -> list[str]:
    command = processes.web("127.0.0.1", 0)
    command[command.index("--port") + 1] = "{port}"
    command[command.index("--workers") + 1] = str(workers)
    command[command.index("--blocking-threads") + 1] = str(threads)
    return command


def gunicorn(workers: int, threads: int) -> list[str]:
    size = ["--workers", str(workers), "--worker-class", "gthread", "--threads", str(threads)]
    size += ["--keep-alive", "30", "--graceful-timeout", "1", "--log-level", "error"]
    return [sys.executable, "-m", "gunicorn", web.PORTAL, "--bind", "127.0.0.1:{port}", *size]


SERVERS = {
    "granian 2×1": granian(2, 1),
    "granian 2×2": granian(2, 2),
    "granian 2×4": granian(2, 4),
    "granian 4×1": granian(4, 1),
    "gunicorn 2×2": gunicorn(2, 2),
    "gunicorn 2×4": gunicorn(2, 4),
}
CHOSEN = f"granian {processes.WEB_WORKERS}×{processes.WEB_THREADS}"


def measure(size: str) -> Result:
    city.people()
    city.empty()
    city.petitions(PETITIONS, timezone.now(), finished=95)
    city.clocks_of_open(timezone.now())
    city.settle()
    found: dict[str, tuple[Load, Load]] = {}
    for name, command in SERVERS.items():
        with web.serving(command=command) as site:
            found[name] = (
                _warm(site, facet_list.page(), SECONDS[size], 200),
                _warm(site, register.form(), SECONDS[size], 302),
            )
    rates = {name: _both(*loads) for name, loads in found.items()}
    best = max((name for name in rates if name.startswith("gunicorn")), key=lambda name: rates[name])
    return Result(
        "servers",
        "answers/s",
        rates[CHOSEN],
        rates[best],
        f"{best}, the best gunicorn; ours is {CHOSEN}; half list pages, half registrations",
        notes={
            name: f"list {page.rate:.0f}/s p99 {page.p99:.0f} ms, register {form.rate:.0f}/s p99 {form.p99:.0f} ms"
            for name, (page, form) in found.items()
        },
    )


def _warm(site: web.Site, request: Request, seconds: float, wanted: int) -> Load:
    load(site, request, seconds=1, wanted=wanted)
    return load(site, request, seconds=seconds, wanted=wanted)


def _both(page: Load, form: Load) -> float:
    """Answers a second when both are asked equally often."""
    return 2 / (1 / page.rate + 1 / form.rate) if page.rate and form.rate else 0.0
