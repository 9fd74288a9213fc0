"""What lets a phone go on without network: an installable app, its service worker, and the key of its store.

What a phone keeps is sealed with a key that follows from the session: another session has another key.
"""

import base64
import json
from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from accounts.signed_in import SignedInRequest

QUEUED = "HTTP_X_QUEUED"  # sent by the phone's queue, which wants to be told instead of sent on
DONE = "X-Done"
OF_THE_DOOR = ("/account/login/", "/account/second-factor/", "/account/reauthenticate/")  # sign in first

LIBRARIES = (
    "vendor/workbox/workbox-core.prod.js",
    "vendor/workbox/workbox-routing.prod.js",
    "vendor/workbox/workbox-strategies.prod.js",
    "vendor/idb/umd.js",
    "js/offline/store.js",
    "js/offline/sending.js",
)
WORKER = "js/offline/worker.js"
# What the phone's pages need besides: a page that is kept is drawn and worked from these alone.
PAGES = (
    "vendor/tabler/tabler.min.css",
    "vendor/icons/tabler-icons.css",
    "vendor/icons/fonts/tabler-icons.woff2",
    "css/shouyang.css",
    "css/petitions.css",
    "css/homes.css",
    "img/shouyang.svg",
    "django_htmx/htmx-2.min.js",
    "js/shouyang.js",
    "js/offline/leaving.js",
    "js/offline/line.js",
    "js/offline/phone.js",
    "vendor/idb/umd.js",
    "js/offline/store.js",
    "js/offline/sending.js",
)

ICONS = (
    ("shouyang.svg", "any", "image/svg+xml", "any"),
    ("icon-192.png", "192x192", "image/png", "any"),
    ("icon-512.png", "512x512", "image/png", "any"),
    ("icon-512-full.png", "512x512", "image/png", "maskable"),  # without round corners: the phone cuts its own
)


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    told = {
        "name": "寿光市网格治理门户",
        "short_name": "网格",
        "lang": "zh-CN",
        "start_url": "/today/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0054a6",
        "icons": [
            {"src": static(f"img/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in ICONS
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """A new release has other addresses in it, so a phone that asks finds another worker."""
    libraries = ", ".join(json.dumps(static(name)) for name in LIBRARIES)
    shell = json.dumps(["/offline/", *map(static, PAGES)])
    script = f"self.SHELL = {shell};\nimportScripts({libraries}, {json.dumps(static(WORKER))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"})


@require_safe
@cache_control(no_cache=True)
def without_network(request: HttpRequest) -> HttpResponse:
    """Kept on the phone for pages that are not: it holds nobody's data."""
    return render(request, "offline/page.html")


@require_safe
@never_cache
@login_required
def session(request: SignedInRequest) -> HttpResponse:
    """Whose session this is, its key, and the token with which what waited may be sent."""
    secret = str(request.session.session_key)
    return JsonResponse(
        {
            "user": request.user.pk,
            "key_name": salted_hmac("shouyang.offline.name", secret, algorithm="sha256").hexdigest()[:32],
            "key": base64.b64encode(salted_hmac("shouyang.offline", secret, algorithm="sha256").digest()).decode(),
            "csrf": get_token(request),
        }
    )


def answers_for_the_queue(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A queue cannot follow a redirect and tell what it means: it hears “done, see there” or “sign in first”."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if QUEUED in request.META and response.status_code in (301, 302, 303):
            there = response.headers["Location"]
            del response.headers["Location"]  # the rest stays: what is to be told next lies in a cookie
            if there.startswith(OF_THE_DOOR):
                response.status_code = 401
            else:
                response.status_code, response.headers[DONE] = 200, there
        return response

    return middleware
