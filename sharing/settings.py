"""Django's settings. What an instance may choose is read from the environment, see environment.py."""

import hmac
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP
from django_stubs_ext import monkeypatch

from sharing import logs
from sharing.environment import read_environment
from sharing.home import Home
from sharing.http.incoming import MAX_BODY
from sharing.languages import languages_in
from sharing.origins import origins
from sharing.storage.config import BucketConfig

monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
environment = read_environment()

# As it was given, for the admin panel's page of settings
ENVIRONMENT = environment

# Where this instance lives
HOME = Home(environment.WAYBILL_HOME)
PORT = environment.PORT
BUCKET_PORT = environment.BUCKET_PORT
SITE_URL = environment.SITE_URL
DEBUG = environment.DEBUG

# Secrets
SECRET_KEY = environment.SECRET_KEY or HOME.secret("django-secret-key")
SECRET_KEY_FALLBACKS = list(environment.SECRET_KEY_FALLBACKS)

# Hosts and origins
_SITE = urlsplit(SITE_URL)
_HTTPS = _SITE.scheme == "https"
_LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [_SITE.hostname or "", *environment.ALLOWED_HOSTS, *_LOOPBACK]
# The origins from which a browser may use the app, and therefore upload to the bucket.
SITE_ORIGINS = origins(SITE_URL, environment.ALLOWED_HOSTS)
if _SITE.hostname in [*_LOOPBACK, "::1"]:
    SITE_ORIGINS = origins(SITE_URL, [*_LOOPBACK, *environment.ALLOWED_HOSTS])
elif not _HTTPS:
    # With https they are redirected; without, they work for whoever sits at the machine itself.
    SITE_ORIGINS += origins(f"http://localhost:{PORT}", _LOOPBACK)
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUSTED_PROXY_COUNT = environment.TRUSTED_PROXY_COUNT

# Limits for users
SIGNUP = environment.SIGNUP
MAX_FILE_SIZE = environment.MAX_FILE_SIZE
USER_QUOTA = environment.USER_QUOTA
LINKS_MAY_LIVE_FOREVER = environment.LINKS_MAY_LIVE_FOREVER
DEFAULT_EXPIRY = environment.DEFAULT_EXPIRY
LONGEST_EXPIRY_DAYS = environment.LONGEST_EXPIRY_DAYS
SITE_NAME = environment.SITE_NAME
ACCENT_COLOUR = environment.ACCENT_COLOUR
GREETING = environment.GREETING
IMPRINT_URL = environment.IMPRINT_URL
PRIVACY_URL = environment.PRIVACY_URL
ABUSE_URL = environment.ABUSE_URL
MAILS_PER_DAY = environment.MAILS_PER_DAY
UPLOAD_EXPIRY_DAYS = environment.UPLOAD_EXPIRY_DAYS
TRASH_DAYS = environment.TRASH_DAYS
ADDRESSES_KEPT_DAYS = environment.ADDRESSES_KEPT_DAYS

# The bucket
BUCKET = BucketConfig.from_environment(environment, HOME)
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": BUCKET.storage_options()},
    "staticfiles": {"BACKEND": "sharing.pages.static.HashedStaticFiles"},
}

# Database, cache, tasks, mail
DATABASES = {"default": environment.DATABASE_URL}
# Keys name rows by their numbers, so instances that share a Redis each begin theirs with something of their own.
_CACHE_PREFIX = hmac.digest(SECRET_KEY.encode(), b"cache keys", "sha256").hex()[:16]
CACHES = {"default": {"KEY_PREFIX": _CACHE_PREFIX, **environment.CACHE_URL}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
_OUTBOX = {"BACKEND": "sharing.mail.outbox.OutboxBackend", "OPTIONS": {"folder": str(HOME.outbox)}}
MAILERS: dict[str, dict[str, Any]] = {"default": environment.EMAIL_URL or _OUTBOX}
DEFAULT_FROM_EMAIL = environment.MAIL_FROM
SERVER_EMAIL = DEFAULT_FROM_EMAIL

INSTALLED_APPS = [
    "sharing.pages",
    "sharing.api",
    "sharing.requests",
    "sharing.links",
    "sharing.files",
    "sharing.storage",
    "sharing.accounts",
    "sharing.audit",
    "sharing.site",
    "sharing.runtime",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_tasks_db",
    "sharing.pages.admin_config.OperatorsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "sharing.http.headers.spare_static_files",
    "django.middleware.security.SecurityMiddleware",
    "sharing.http.headers.response_headers",
    "sharing.http.language.PageLanguage",
    "sharing.http.limits.BodyLimit",
    "sharing.storage.middleware.bucket_visits",
    "sharing.http.probes.without_session",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    # Its random padding hides what compression would tell of a page's secrets; the CSRF token is masked anew as well.
    "django.middleware.gzip.GZipMiddleware",
    "sharing.http.api_errors.problems_everywhere",
    "sharing.accounts.middleware.RequestLog",
    "sharing.http.nul.refuse_nul",
    "sharing.http.mended.mend_address",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sharing.accounts.middleware.SessionActivity",
]

ROOT_URLCONF = "sharing.urls"
WSGI_APPLICATION = "sharing.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Accounts: allauth signs people in with their e-mail address
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "sharing.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "sharing.accounts.forms.LoginForm",
    "signup": "sharing.accounts.forms.SignupForm",
    "add_email": "sharing.accounts.forms.AddEmailForm",
    "change_password": "sharing.accounts.forms.ChangePasswordForm",
    "set_password": "sharing.accounts.forms.SetPasswordForm",
    "reset_password": "sharing.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "sharing.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "sharing.accounts.forms.ReauthenticateForm",
}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
# Beside five in five minutes for each network, or each browser in which the account was signed in before. All other
# rate limits are in sharing/rate_limits.py.
ACCOUNT_RATE_LIMITS = {"login_failed_total": "100/h/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _SITE.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
USERSESSIONS_TRACK_ACTIVITY = True

# Headers for browsers
_BUCKET_ORIGIN = BUCKET.public_origin
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:", _BUCKET_ORIGIN],
    "media-src": [CSP.SELF, "blob:", _BUCKET_ORIGIN],
    # A PDF is shown in a frame, whose address here redirects to the bucket.
    "frame-src": [CSP.SELF, _BUCKET_ORIGIN],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF, _BUCKET_ORIGIN],
    "worker-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    # A download is a form whose answer redirects to the bucket, and browsers hold this rule against both.
    "form-action": [CSP.SELF, _BUCKET_ORIGIN],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _HTTPS
# Cookies know no ports: two copies on one machine must not sign each other's users out. Behind a name of their own,
# web processes on different ports are one site, and share its sessions.
_COPY = f"-{PORT}" if _SITE.hostname in [*_LOOPBACK, "::1"] else ""
SESSION_COOKIE_NAME = f"{'__Host-' if _HTTPS else ''}waybill{_COPY}"
CSRF_COOKIE_NAME = f"{'__Host-' if _HTTPS else ''}waybill-csrf{_COPY}"
KNOWN_BROWSER_COOKIE_NAME = f"{'__Secure-' if _HTTPS else ''}waybill-browser{_COPY}"
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
if _HTTPS:
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = environment.HSTS_INCLUDE_SUBDOMAINS
    SECURE_HSTS_PRELOAD = environment.HSTS_PRELOAD
    # gunicorn speaks plain HTTP: behind an https address there is always a proxy that says so.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Preloading is for whoever owns the whole domain to decide, and hard to take back: HSTS_PRELOAD is off by default.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

# Static files, and the largest request the app itself reads (bytes of files never come here)
STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# No other site loads them, and the header stood on each of some seventy.
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY
DATA_UPLOAD_MAX_NUMBER_FILES = 0
FILE_UPLOAD_HANDLERS: list[str] = []

# Language and time: pages carry UTC, and <time> shows it in the reader's own zone
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGES = languages_in(*LOCALE_PATHS)
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["sharing.formats"]

LOGGING = logs.configuration(as_json=environment.LOG_FORMAT == "json", level=environment.LOG_LEVEL)
LOGGING_CONFIG = "sharing.logs.configure"
