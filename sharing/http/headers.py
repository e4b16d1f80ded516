"""Middleware for the headers of every answer that Django's own middleware does not set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseFileResponse

# None of these is used here; a script that got in could otherwise ask for them in our name.
_FEATURES_DENIED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone"),
    *("midi", "payment", "serial", "usb", "hid", "xr-spatial-tracking", "screen-wake-lock", "idle-detection"),
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in sorted(_FEATURES_DENIED))


def response_headers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: forbid other sites to embed an answer, and caches to keep one that does not allow it.

    A page that somebody was signed in to must not come back from a shared computer's cache (RFC 9111 section 5.2.2.5).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # It is for documents; on each of twenty scripts and style sheets it would be a tenth of the page's weight.
            response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def spare_static_files(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: take from static files what browsers read on documents alone.

    Cross-Origin-Opener-Policy on the eighty of a dashboard would weigh as much as six of them.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, WhiteNoiseFileResponse):
            del response.headers["Cross-Origin-Opener-Policy"]
        return response

    return middleware
