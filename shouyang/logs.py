"""Logs are lines of JSON, with the request's id and without anybody's personal data."""

import logging
import re
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# PostgreSQL quotes the offending row in these lines: phone numbers, names, words of callers.
QUOTED_ROW = re.compile(r"^(DETAIL|CONTEXT|LINE \d+|PARAMETERS):.*(\n[ \t]+.*)*\n?", re.M)
# Attributes that carry a whole request or its address.
UNTOLD = {"request", "taskName", "data", "args", "kwargs", "environ"}


class Formatter(JsonFormatter):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("fmt", "{asctime}{levelname}{name}{message}")
        renamed = {"asctime": "at", "levelname": "level", "name": "logger"}
        super().__init__(*args, style="{", rename_fields=renamed, json_ensure_ascii=False, **kwargs)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        from shouyang.tracing import current  # read late: logging is set up before the apps are

        super().add_fields(log_data, record, message_dict)
        for name in UNTOLD:
            log_data.pop(name, None)
        if request_id := current.get():
            log_data["request_id"] = request_id

    def formatException(  # type: ignore[override]
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str | list[str]:
        told = super().formatException(ei)
        return QUOTED_ROW.sub("", told) if isinstance(told, str) else [QUOTED_ROW.sub("", line) for line in told]


def to_standard_error(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "shouyang.logs.Formatter"}},
        "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # One line for every request is written by shouyang.tracing; Django's own name the address.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "ERROR", "handlers": ["lines"], "propagate": False},
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "_granian": {"level": "WARNING"},
            "pgtrigger": {"level": "WARNING"},
            "apprise": {"level": "WARNING"},  # below that it writes the address, token and all
        },
    }
