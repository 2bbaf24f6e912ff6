"""Django settings. Nothing secret has a default; what differs between nodes comes from the environment."""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from yteso.config.database import django_settings
from yteso.config.home import secret_key


PAGES = Path(__file__).parent.parent / "pages"

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("YTESO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ROOT_URLCONF = "yteso.config.urls"
DATABASES = {"default": django_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "yteso.registry",
    "yteso.access",
    "yteso.record",
    "yteso.people",
    "yteso.intake",
    "yteso.exchange",
    "yteso.fhir.server",
    "yteso.fhir.bulk",
    "yteso.fhir.subscriptions",
    "yteso.quality",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yteso.pages.base.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yteso.pages.base.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Nobody sees anything unsigned-in: a view must say so if it is open.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
CSRF_FAILURE_VIEW = "yteso.pages.base.errors.csrf_failure"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PAGES / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(PAGES.glob("*/templates")),
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "yteso.pages.jinja.environment",
            "context_processors": ["yteso.pages.base.context.page"],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PAGES / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

HTTPS = os.environ.get("YTESO_HTTPS") == "1"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 500

# A log line names the place and the kind of a fault, never what a person sent or has.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"no_personal_data": {"()": "yteso.config.logs.NoPersonalData"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_personal_data"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"yteso": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
