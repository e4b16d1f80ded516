"""The owner's side of requests: list, make, change, close, reopen, and what has arrived."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sharing.accounts.http import signed_in_user
from sharing.audit.models import Event
from sharing.files.models import Upload
from sharing.requests.forms import LimitsForm, RequestForm
from sharing.requests.models import Delivery, FileRequest

SHOWN = 500


def _request_of(request: HttpRequest, public_id: str) -> FileRequest:
    return get_object_or_404(
        FileRequest.objects.filter(owner=signed_in_user(request)).select_related("owner"), public_id=public_id
    )


@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """GET lists them; POST makes one."""
    user = signed_in_user(request)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = FileRequest.objects.make(owner=user, **form.fields_of_request)
        messages.success(request, "The request is ready: copy its address and send it.")
        return redirect(made)
    rows = FileRequest.objects.filter(owner=user).select_related("owner")[:SHOWN]
    status = 422 if form.errors else 200
    return render(request, "requests/requests.html", {"form": form, "requests": rows}, status=status)


def _page(request: HttpRequest, asked: FileRequest, form: LimitsForm) -> HttpResponse:
    delivered = Delivery.objects.filter(guest__request=asked, upload__file__deleted_at=None)
    deliveries = list(delivered.select_related("upload__file", "guest")[:SHOWN])
    arrived = [
        delivery.upload.file for delivery in deliveries if delivery.upload.state == Upload.State.COMPLETE
    ]
    context = {
        "asked": asked,
        "form": form,
        "deliveries": deliveries,
        "picked": ",".join(str(file.pk) for file in arrived),
        "history": Event.objects.filter(subject_type="filerequest", subject_id=str(asked.pk))[:100],
    }
    return render(request, "requests/request.html", context, status=422 if form.errors else 200)


@require_safe
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    asked = _request_of(request, public_id)
    return _page(request, asked, LimitsForm.of(asked))


@require_POST
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    asked, form = _request_of(request, public_id), LimitsForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form)
    asked.change(by=signed_in_user(request), **form.limits)
    messages.success(request, "The request is changed.")
    return redirect(asked)


@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    asked = _request_of(request, public_id)
    asked.close(by=signed_in_user(request))
    messages.success(request, "The request is closed: it takes nothing new.")
    return redirect(asked)


@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    asked = _request_of(request, public_id)
    asked.reopen(by=signed_in_user(request))
    messages.success(request, "The request is open again, at the same address.")
    return redirect(asked)
