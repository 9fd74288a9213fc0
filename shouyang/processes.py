"""The three programs of a running portal, as command lines: `up`, the compose file and the tests run the same."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Two threads in each of two processes: one slow export holds up nobody, and the database keeps its connections.
WEB_WORKERS = 2
WEB_THREADS = 2
TASK_WORKERS = 2
# Django's checks import every page; whoever makes the tables (`prepare`, `migrate`) has run them.
CELERY = [sys.executable, "-m", "celery", "--quiet", "--skip-checks", "--app", "shouyang"]


def web(host: str, port: int) -> list[str]:
    if settings.DEMO and host not in LOOPBACK and os.environ.get("DEMO_ON_NETWORK") != "1":
        raise ImproperlyConfigured(
            f"演示模式人人可以一键登录，所以不对外（{host}）开放；"
            "确实要在内网演示，请加上 DEMO_ON_NETWORK=1；正式使用请设 DEMO=0（见 README）"
        )
    granian = [sys.executable, "-m", "granian", "shouyang.wsgi:application", "--interface", "wsgi"]
    size = ["--workers", str(WEB_WORKERS), "--blocking-threads", str(WEB_THREADS), "--backpressure", "64"]
    upkeep = ["--respawn-failed-workers", "--workers-kill-timeout", "5s", "--no-access-log", "--log-level", "warning"]
    return [*granian, "--host", host, "--port", str(port), *size, *upkeep]


def worker() -> list[str]:
    size = ["--concurrency", str(TASK_WORKERS)]
    return [*CELERY, "worker", *size, "--without-gossip", "--without-mingle", "--loglevel", "INFO"]


def beat(home: Path) -> list[str]:
    return [*CELERY, "beat", "--schedule", str(home / "beat-schedule"), "--pidfile", "", "--loglevel", "INFO"]
