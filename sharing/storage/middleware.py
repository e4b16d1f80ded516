"""Limit the time of each request's calls to the bucket, and the number of requests that call it at once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sharing.http.waiting import is_waiting_thread
from sharing.storage.deadline import visiting


def bucket_visits(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 503 if too many requests call the bucket, or it is away. Requests that call nothing never wait.

    Those that have threads of their own may all wait.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with visiting(in_waiting_thread=is_waiting_thread()):
            return get_response(request)

    return middleware
