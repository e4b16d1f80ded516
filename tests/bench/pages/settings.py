"""The product's settings, and beside its pages two bare views that only this bench has."""

from sharing.settings import *  # noqa: F403
from sharing.settings import MIDDLEWARE as OF_THE_PRODUCT

ROOT_URLCONF = "tests.bench.pages.urls"
MIDDLEWARE = ["tests.bench.pages.bare.before_all", *OF_THE_PRODUCT]
