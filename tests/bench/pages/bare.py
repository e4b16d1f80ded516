"""The measure of pages: a view that answers 200 and does nothing else."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse

BEHIND_MIDDLEWARE = "/bare/"
BEHIND_NONE = "/bare-behind-none/"


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    # Django's middleware would add the length.
    return HttpResponse("ok", headers={"Content-Length": "2"})


def before_all(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, the first of all: the view without any other, where its address asks for that."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return bare(request) if request.path_info == BEHIND_NONE else get_response(request)

    return middleware
