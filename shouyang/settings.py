"""Settings: one file; everything that differs between machines comes from the environment."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from shouyang import logs
from shouyang.embedded import keepsakes
from shouyang.pool import Connection

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("SHOUYANG_HOME", BASE_DIR / "var")).resolve()


def flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def address(name: str, remembered: str | None, default: str) -> str:
    """Where a server is: as the environment says, else the embedded one of this home, else the usual place."""
    return os.environ.get(name) or remembered or default


def origins(url: str) -> list[str]:
    """Where pictures of this address come from; “{s}” in its host stands for several hosts."""
    return ["{0.scheme}://{0.netloc}".format(urlsplit(url.replace("{s}", "*")))] if url else []


# --- What kind of portal this is -----------------------------------------------------------------

DEMO = flag("DEMO", True)  # the demo city: one-click cast, banner, invented phone numbers
DEMO_CITY = DEMO and flag("DEMO_CITY", True)  # fill an empty database with the demo city
SMALL_CITY = os.environ.get("CITY") == "small"  # with the homes of two communities, not of all
DEBUG = flag("DEBUG", False)
PRODUCTION = not DEMO
DEMO_PASSWORD = os.environ.get("SHOUYANG_DEMO_PASSWORD", "shouyang-demo-2026")
DEMO_SECRET = "demo-only-secret-never-used-in-production-0123456789abcdef"  # noqa: S105

SECRET_KEY = os.environ.get("SECRET_KEY", DEMO_SECRET)
if PRODUCTION and (SECRET_KEY == DEMO_SECRET or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured("SECRET_KEY must come from the environment, at least 50 characters, when DEMO=0")

# Personal columns: versioned keys, outside the database (architecture §5). The file is made by `manage.py sealing_key`.
SEALING_KEY_FILE = Path(os.environ.get("SEALING_KEY_FILE", HOME / "sealing.key"))

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
SITE_NAME = "寿光市城市社区网格治理门户"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "csp",
    "accounts",
    "grids",
    "petitions",
    "members",
    "cocreation",
    "shouyang",
]

MIDDLEWARE = [
    "shouyang.tracing.trace",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shouyang.form_body.read",
    "shouyang.offline.answers_for_the_queue",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "shouyang.every_request.AuthenticationMiddleware",
    "accounts.sessions.keep_session_awake",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shouyang.headers.content_security_policy",
    "shouyang.headers.permissions_policy",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "shouyang.second_factor.enrol_first",
    "shouyang.refusals.Refusals",
]

ROOT_URLCONF = "shouyang.urls"
WSGI_APPLICATION = "shouyang.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouyang.shell.shell",
            ],
        },
    }
]

# --- PostgreSQL is the only truth ----------------------------------------------------------------


POOL = int(os.environ.get("DATABASE_POOL", "8"))  # connections of one process; 0 for short commands


def database_from(url: str) -> dict[str, object]:
    """`postgres://user:password@host:port/name` as Django wants it."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        # Values travel beside the statement, and a statement that comes again is not planned again.
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 5}
        | ({"pool": {"min_size": 1, "max_size": POOL, "timeout": 10, "connection_class": Connection}} if POOL else {}),
    }


DATABASE_URL = address("DATABASE_URL", keepsakes.database_url(HOME), "postgres://shouyang@127.0.0.1:5432/shouyang")
DATABASES = {"default": database_from(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits and lock-outs must survive a lost broker and be seen by every process: they live in PostgreSQL.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # What would be drawn alike again: parts of the page frame, and lists that nothing has changed since.
    "drawn": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "drawn",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
    # Whole pages of one person each; apart, so that many of them do not push out what is drawn for all.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# --- Celery: the broker may lose everything, a sweep finds it again --------------------------------

REDIS_URL = address("REDIS_URL", keepsakes.redis_url(HOME), "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "visibility_timeout": 600,
    "max_retries": 0,  # who hands over a message does not wait for a broker that is down; a worker goes on trying
}
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "heartbeat": {"task": "shouyang.heartbeat", "schedule": 3.0, "options": {"expires": 3}},
    "ring-due-clocks": {"task": "petitions.ring_due", "schedule": 15.0, "options": {"expires": 15}},
    "ring-visits": {"task": "grids.ring_visits", "schedule": 600.0, "options": {"expires": 600}},
    "ring-due-notices": {"task": "petitions.ring_notices", "schedule": 60.0, "options": {"expires": 60}},
    "ring-due-tasks": {"task": "petitions.ring_tasks", "schedule": 60.0, "options": {"expires": 60}},
    "remind-of-reviews": {"task": "petitions.remind_of_reviews", "schedule": 600.0, "options": {"expires": 600}},
    "forget-knocks": {"task": "accounts.forget_knocks", "schedule": 3600.0, "options": {"expires": 3600}},
    "write-exports": {"task": "accounts.write_exports", "schedule": 30.0, "options": {"expires": 30}},
    "remind-of-staffing": {"task": "shouyang.remind_of_staffing", "schedule": 3600.0, "options": {"expires": 3600}},
    "seal-records": {"task": "shouyang.seal_records", "schedule": 600.0, "options": {"expires": 600}},
    "check-records": {"task": "shouyang.check_records", "schedule": 86400.0, "options": {"expires": 3600}},
    "expire-exports": {"task": "accounts.expire_exports", "schedule": 3600.0, "options": {"expires": 3600}},
    "run-imports": {"task": "grids.run_imports", "schedule": 30.0, "options": {"expires": 30}},
    "expire-imports": {"task": "grids.expire_imports", "schedule": 3600.0, "options": {"expires": 3600}},
    "propose-erasures": {"task": "grids.propose_erasures", "schedule": 86400.0, "options": {"expires": 3600}},
    "send-unsent-notices": {"task": "accounts.send_unsent", "schedule": 30.0, "options": {"expires": 30}},
    "send-answer-links": {"task": "petitions.send_links", "schedule": 15.0, "options": {"expires": 15}},
    "refresh-calendar": {"task": "petitions.refresh_calendar", "schedule": 86400.0, "options": {"expires": 3600}},
    "prune-drafts": {"task": "petitions.prune_drafts", "schedule": 86400.0, "options": {"expires": 3600}},
    "forget-calls": {"task": "petitions.forget_calls", "schedule": 86400.0, "options": {"expires": 3600}},
    "draw-rechecks": {"task": "petitions.draw_rechecks", "schedule": 3600.0, "options": {"expires": 3600}},
    "learn-words": {"task": "petitions.learn_words", "schedule": 3600.0, "options": {"expires": 3600}},
    "conclude-hazards": {"task": "petitions.conclude_hazards", "schedule": 600.0, "options": {"expires": 600}},
    "ring-rechecks": {"task": "grids.ring_rechecks", "schedule": 3600.0, "options": {"expires": 3600}},
    "let-photos-go": {"task": "grids.let_photos_go", "schedule": 3600.0, "options": {"expires": 3600}},
    "expire-items": {"task": "grids.expire_items", "schedule": 3600.0, "options": {"expires": 3600}},
    "check-what-was-asked": {"task": "grids.check_what_was_asked", "schedule": 30.0, "options": {"expires": 30}},
    "check-coverage": {"task": "grids.check_coverage", "schedule": 3600.0, "options": {"expires": 3600}},
    "archive-concluded": {"task": "petitions.archive_concluded", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["shouyang.every_request.Backend"]
SESSION_ENGINE = "shouyang.every_request"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.PortalAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = False  # closing the browser signs out
# Sign-in has its own doors (accounts/lockout.py); this one counts wrong codes of the second factor.
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "5/15m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "0"))
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_FORMS = {"authenticate": "accounts.forms.SecondFactorForm"}
# Holders of these duties enrol a second factor before anything else: "auditor,administrator".
TOTP_REQUIRED_DUTIES = frozenset(d for d in os.environ.get("TOTP_REQUIRED_DUTIES", "").split(",") if d)

# Besides the inbox, notices go out on the channels that stand as rows in the admin (accounts/channels.py).
DUTIES_OF_PEOPLE = "grids.scope.duties_of_people"  # whose channels may ask for certain duties
PORTAL_ADDRESS = os.environ.get("PORTAL_ADDRESS", "")  # "https://portal.example": stands before the links sent out
SESSION_COOKIE_AGE = 30 * 60  # idle seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "shouyang.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Tiles under the grids, only where the city has them: "https://t0.tianditu.gov.cn/…&tk=key", with {z}, {x} and {y}.
TILE_ADDRESS = os.environ.get("TILE_ADDRESS", "")
TILE_ATTRIBUTION = os.environ.get("TILE_ATTRIBUTION", "天地图" if "tianditu" in TILE_ADDRESS else "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *origins(TILE_ADDRESS)],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Lists that can be had as Excel sheets (accounts/listings.py), named by the apps that have them.
LISTS = [
    "petitions.exports.LISTS",
    "grids.exports.LISTS",
    "grids.coverage_sheet.LISTS",
    "grids.staffing_sheet.LISTS",
    "grids.patrol_sheets.LISTS",
    "shouyang.trail_sheet.LISTS",
]

# --- Words and time ----------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = "shouyang.formats"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", HOME / "static"))
VENDOR_DIR = BASE_DIR / "node_modules" / ".portal"  # laid out by `manage.py assets` from the locked packages beside it
STATICFILES_DIRS = [BASE_DIR / "static", *([("vendor", VENDOR_DIR)] if VENDOR_DIR.is_dir() else [])]
# Hashed names need `manage.py assets --collect`; tests do without.
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": HASHED if flag("STATIC_HASHED", True) else PLAIN},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "gif", "svg", "woff", "woff2", "ttf", "eot", "gz", "br", "map"]
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", HOME / "attachments"))  # never under the web root, never under a URL
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# The JSON API: a key or the session of a browser (with CSRF token), JSON only, problems as RFC 9457.
REST_FRAMEWORK = {
    # The key stands first: who is not signed in is told 401 and how to sign in.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api_auth.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["shouyang.throttling.PerAccount"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["shouyang.parsing.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "shouyang.cursors.SignedCursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "shouyang.problems.answer",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SITE_NAME}接口",
    "DESCRIPTION": "登记、查询和办理群众诉求。每个动作都是诉求下的一个地址，与网页走同一套规则；"
    "诉求人信息一律脱敏。出错时按 RFC 9457 答复 application/problem+json。",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # docstrings are English, for whoever reads the code
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "UnitKindEnum": "accounts.models.Unit.Kind",
        "PlaceKindEnum": "grids.models.Place.Kind",
        "SpanEnum": "grids.models.Span",
        "MannerEnum": "petitions.models.Dispatch.Manner",
        "MeetingKindEnum": "petitions.models.Meeting.Kind",
        "InstructionKindEnum": "petitions.models.Instruction.Kind",
        "ReportKindEnum": "petitions.models.Report.Kind",
        "CallbackWayEnum": "petitions.models.Callback.Way",
        "StaffWayEnum": "petitions.forms.actions.BY_STAFF",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shouyang.openapi.tell_problems",
    ],
}

# --- Behind HTTPS, in production -------------------------------------------------------------------------

if PRODUCTION:
    SECURE_SSL_REDIRECT = flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked from inside, without the proxy
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Sight ---------------------------------------------------------------------------------------------------

LOGGING = logs.to_standard_error(os.environ.get("LOG_LEVEL", "INFO"))
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")  # without one, /metrics does not exist
METRICS_DIR = os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(HOME / "metrics"))
