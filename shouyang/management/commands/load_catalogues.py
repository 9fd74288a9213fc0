from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from shouyang import catalogues


class Command(BaseCommand):
    help = "Load the city's catalogues (units, places, items, terms, calendar); edited rows stay as they are."

    def handle(self, *args: Any, **options: Any) -> None:
        catalogues.load(timezone.localdate())
        self.stdout.write("catalogues loaded")
