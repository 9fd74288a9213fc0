"""`manage.py health [web|worker|beat]`: for a container's health check, which knows only return codes."""

from argparse import ArgumentParser
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shouyang import health


class Command(BaseCommand):
    help = "检查门户的一个部分是否正常"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=["web", "worker", "beat"])
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, part: str, port: int, **options: Any) -> None:
        well = web_answers(port) if part == "web" else getattr(health.examine(timezone.now()), part)
        if not well:
            raise CommandError(f"{part} 不正常")


def web_answers(port: int) -> bool:
    """That it answers at all: a database that is down is not mended by restarting the web server."""
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    request = Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": name})
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=8) as answer:
            return bool(answer.status == 200)
    except OSError as error:
        return getattr(error, "code", None) == 503
