"""Settings, read from the environment; one file for every way of running.

`./waymark up` sets these variables for the embedded database; a deployment sets them itself (docs/howto/deploy.md).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from waymark.access import pool
from waymark.config import logs

REPOSITORY = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("WAYMARK_DATA_DIR", REPOSITORY / ".waymark"))


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "").lower() in {"1", "true", "yes", "on"}


def _database(url: str) -> dict[str, object]:
    """Translate a postgresql:// address (socket folder in `host=`) to Django's form."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": query.pop("port", None) or (str(parts.port) if parts.port else ""),
        "OPTIONS": query,
    }


DEBUG = _flag("WAYMARK_DEBUG")
# A throw-away key keeps tools such as mypy importable; the launcher and every deployment set their own.
SECRET_KEY = os.environ.get("WAYMARK_SECRET_KEY", "not-secret-only-for-tools")

# How long a backup of keys lives, and so how long after its destruction a record could be brought back; and where it lies.
KEY_BACKUP_DAYS = int(os.environ.get("WAYMARK_KEY_BACKUP_DAYS", "30"))
KEY_BACKUP_DIR = Path(os.environ.get("WAYMARK_KEY_BACKUP_DIR") or DATA_DIR / "key-backups")

# Signs what a transaction says of itself to the database (waymark.access.context); put there after every migrate.
CONTEXT_KEY = hashlib.sha256(
    b"waymark.access.context|" + (os.environ.get("WAYMARK_CONTEXT_KEY") or SECRET_KEY).encode()
).digest()

# Three sites, one process, told apart by host name. Comma-separated hosts; the first of each is the canonical one.
FINDER_HOSTS = os.environ.get("WAYMARK_FINDER_HOSTS", "localhost,127.0.0.1").split(",")
NEWSROOM_HOSTS = os.environ.get("WAYMARK_NEWSROOM_HOSTS", "news.localhost").split(",")
STAFF_HOSTS = os.environ.get("WAYMARK_STAFF_HOSTS", "staff.localhost").split(",")
ALLOWED_HOSTS = [*FINDER_HOSTS, *NEWSROOM_HOSTS, *STAFF_HOSTS]

# One agency alone, with nothing of a coalition (waymark.access.installation).
ONE_AGENCY = _flag("WAYMARK_ONE_AGENCY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "pgtrigger",
    "procrastinate.contrib.django",
    "waymark.access",
    "waymark.pages",
    "waymark.accounts",
    "waymark.audit",
    "waymark.care",
    "waymark.cases",
    "waymark.relief",
    "waymark.reports",
    "waymark.coalition",
    "waymark.consent",
    "waymark.council",
    "waymark.directory",
    "waymark.disclosures",
    "waymark.finder",
    "waymark.jobs",
    "waymark.newsroom",
    "waymark.notices",
    "waymark.diversion",
    "waymark.assistance",
    "waymark.obligations",
    "waymark.operations",
    "waymark.law",
    "waymark.people",
    "waymark.referrals",
    "waymark.vault",
    "waymark.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

LOGGING = logs.configuration()

MIDDLEWARE = [
    "waymark.config.logs.LogMiddleware",
    "waymark.access.sites.SiteMiddleware",
    "waymark.access.headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "waymark.access.sites.StaffOnly",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "waymark.web.wordless.WordlessRefusalMiddleware",
    "waymark.web.refusals.RefusalMiddleware",
    "waymark.web.acting.ActingMiddleware",
    "waymark.web.set_up.FirstRun",
    "waymark.access.guard.GuardMiddleware",
    "waymark.web.vault_door.VaultDoor",
    "waymark.web.zone.RegionZoneMiddleware",
]

ROOT_URLCONF = "waymark.config.urls_finder"
WSGI_APPLICATION = "waymark.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "waymark.access.sites.template_context",
                "waymark.web.context.region",
            ],
        },
    }
]

DATABASES = {
    "default": {
        **_database(os.environ.get("DATABASE_URL", "postgresql://waymark_app@/waymark?host=/tmp/waymark")),
        "CONN_MAX_AGE": 0,
        # 20 µs a request, so that a visitor meets no dead connection after the database was restarted.
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    },
}
# Refused and failed attempts are told on a connection of their own, which outlives the rollback of what was refused.
AUDIT_ATTEMPTS_DATABASE = "attempts"
DATABASES["attempts"] = dict(DATABASES["default"])
for _name, _size in (("default", int(os.environ.get("WAYMARK_DB_POOL", "8"))), ("attempts", 2)):
    DATABASES[_name]["OPTIONS"] = {
        **DATABASES[_name]["OPTIONS"],  # type: ignore[dict-item]
        # What a page leaves on a connection is discarded; temporary tables never stand before real ones.
        "options": "-c search_path=public,pg_temp -c TimeZone=UTC",
        "pool": {"min_size": 1 if _name == "default" else 0, "max_size": _size, "timeout": 5, "reset": pool.forget},
    }

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "waymark.accounts.policies.passwords.NotKnownFromABreach"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

# Closes the secrets of second factors and of agencies' own sign-ins in the database (waymark.accounts.actions.factor_keys).
FACTOR_KEY = hashlib.sha256(
    b"waymark.accounts.factors|" + (os.environ.get("WAYMARK_FACTOR_KEY") or SECRET_KEY).encode()
).digest()
# Passkeys are bound to this name for good: if it changes, everybody sets up anew. The other one stands in phones' lists.
PASSKEY_DOMAIN = os.environ.get("WAYMARK_PASSKEY_DOMAIN", STAFF_HOSTS[0])
PASSKEY_SITE_NAME = os.environ.get("WAYMARK_PASSKEY_SITE_NAME", "Work account")
STEP_UP = "waymark.accounts.views.step_up.ask"
# Only tests and a trial on one's own machine may talk to a provider on this machine, without https.
AGENCY_SIGN_IN_LOOPBACK = _flag("WAYMARK_AGENCY_SIGN_IN_LOOPBACK")
MFA_ADAPTER = "waymark.accounts.actions.factor_keys.FactorAdapter"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_TOTP_ISSUER = PASSKEY_SITE_NAME
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
MFA_WEBAUTHN_USER_VERIFICATION = "required"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None

SESSION_ENGINE = "waymark.accounts.models.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = _flag("WAYMARK_HTTPS")
# `__Host-`: the browser refuses it from a neighboring host and without https.
SESSION_COOKIE_NAME = "__Host-waymark_session" if SESSION_COOKIE_SECURE else "waymark_session"
# The limits are in the store (idle, absolute); the browser forgets the cookie when it closes.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-waymark_csrf" if SESSION_COOKIE_SECURE else "csrftoken"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "waymark.web.views.form_is_stale"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _flag("WAYMARK_BEHIND_PROXY") else None

# Mail goes to files in the data folder until a mail server is named: a trial sends nothing to anybody.
MAIL_SERVER = os.environ.get("WAYMARK_MAIL_SERVER", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL_SERVER else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_HOST, _, _mail_port = MAIL_SERVER.partition(":")
EMAIL_PORT = int(_mail_port or 587)
EMAIL_HOST_USER = os.environ.get("WAYMARK_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("WAYMARK_MAIL_PASSWORD", "")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = bool(MAIL_SERVER) and not EMAIL_USE_SSL and not _flag("WAYMARK_MAIL_PLAIN")
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = os.environ.get("WAYMARK_MAIL_FROM", f"no-reply@{STAFF_HOSTS[0]}")

LANGUAGE_CODE = "en"
TIME_ZONE = "America/Los_Angeles"
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [path for path in [REPOSITORY / "src/waymark/static/built"] if path.exists()]
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

FILE_UPLOAD_HANDLERS = ["waymark.access.uploads.MemoryUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
