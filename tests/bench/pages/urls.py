"""The product's URLs, and the bare view behind the product's middleware."""

from django.urls import path

from sharing.urls import handler400, handler500
from sharing.urls import urlpatterns as of_the_product
from tests.bench.pages.bare import BEHIND_MIDDLEWARE, bare

__all__ = ["handler400", "handler500"]

urlpatterns = [*of_the_product, path(BEHIND_MIDDLEWARE.lstrip("/"), bare)]
