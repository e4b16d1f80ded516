"""Each request has one time for all its calls to the bucket, and takes one of the turns there are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sharing.storage.deadline import visiting


def bucket_visits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request that finds no turn, or no bucket, is answered 503; one that asks nothing never waits."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with visiting():
            return get_response(request)

    return middleware
