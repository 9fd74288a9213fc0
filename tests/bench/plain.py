"""The reference of the web measurements: the project that `startproject` makes, with one INSERT or fifty fixed rows.

Its middleware is the default one; nobody signs in, no session is read. Its connections are pooled as the portal's are.
"""

import os
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

parts = urlsplit(os.environ["DATABASE_URL"])

if not settings.configured:
    settings.configure(
        SECRET_KEY="plain",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path.lstrip("/"),
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.hostname,
                "PORT": str(parts.port),
                "CONN_HEALTH_CHECKS": True,
                "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
            }
        },
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path


class Plain(models.Model):
    title = models.CharField(max_length=80)
    content = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"
        db_table = "bench_plain"

    def __str__(self) -> str:
        return self.title


COLUMNS = ("title", "status", "left", "item", "unit", "place", "registered_at")
ROWS: list[dict[str, Any]] = [{name: f"{name} 的第 {n} 行" for name in COLUMNS} for n in range(50)]
TABLE = engines["django"].from_string(
    "<!doctype html><title>plain</title><table><tbody>{% for row in rows %}<tr>"
    + "".join(f"<td>{{{{ row.{name} }}}}</td>" for name in COLUMNS)
    + "</tr>{% endfor %}</tbody></table>"
)


def insert(request: HttpRequest) -> HttpResponse:
    row = Plain._default_manager.create(title=request.POST["title"], content=request.POST["content"])
    return HttpResponse(str(row.pk))


def table(request: HttpRequest) -> HttpResponse:
    return HttpResponse(TABLE.render({"rows": ROWS}, request))


urlpatterns = [path("insert/", insert), path("table/", table)]
application = WSGIHandler()
