"""What an owner decides about a request, and what its guests say of themselves."""

from typing import Any

from django import forms

from sharing.links.forms import ExpiryForm
from sharing.requests.errors import InvalidKinds
from sharing.requests.kinds import parse_kinds
from sharing.requests.models import FileRequest

MEGABYTE = 1000**2
MAX_MEGABYTES = 1_000_000_000


def _megabytes(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=MAX_MEGABYTES)


class LimitsForm(forms.Form):
    """Cleans to `limits`, as `FileRequest.change` takes them."""

    kinds = forms.CharField(
        label="Kinds of files",
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"placeholder": "pdf, docx, image/*"}),
    )
    file_limit = forms.IntegerField(label="Files in all", required=False, min_value=1, max_value=1_000_000)
    size_limit = _megabytes("MB a file")
    total_limit = _megabytes("MB in all")

    @classmethod
    def of(cls, request: FileRequest) -> "LimitsForm":
        """With what holds now."""
        sizes = {name: getattr(request, name) for name in ("size_limit", "total_limit")}
        megabytes = {name: size // MEGABYTE if size else None for name, size in sizes.items()}
        return cls(initial={"kinds": request.kinds, "file_limit": request.file_limit, **megabytes})

    def clean_kinds(self) -> str:
        try:
            return parse_kinds(self.cleaned_data["kinds"])
        except InvalidKinds as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def limits(self) -> dict[str, Any]:
        data = self.cleaned_data
        sizes = {name: data[name] and data[name] * MEGABYTE for name in ("size_limit", "total_limit")}
        return {"kinds": data["kinds"], "file_limit": data["file_limit"], **sizes}


class RequestForm(ExpiryForm, LimitsForm):
    field_order = ("title", "message", "name_asked", "email_asked")

    title = forms.CharField(label="What you ask for", max_length=200)
    message = forms.CharField(
        label="Message", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    name_asked = forms.ChoiceField(
        label="Their name", choices=FileRequest.Asked.choices, initial=FileRequest.Asked.REQUIRED
    )
    email_asked = forms.ChoiceField(
        label="Their e-mail", choices=FileRequest.Asked.choices, initial=FileRequest.Asked.OPTIONAL
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expiry"].label = "Take files until"

    @property
    def fields_of_request(self) -> dict[str, Any]:
        said = ("title", "message", "name_asked", "email_asked", "expires_at")
        return {name: self.cleaned_data[name] for name in said} | self.limits


class GuestForm(forms.Form):
    """Asks for what the request asks for, and nothing else."""

    name = forms.CharField(label="Your name", max_length=100)
    email = forms.EmailField(label="Your e-mail", max_length=254)

    def __init__(self, asked: FileRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, how in (("name", asked.name_asked), ("email", asked.email_asked)):
            if how == FileRequest.Asked.OFF:
                del self.fields[name]
            else:
                self.fields[name].required = how == FileRequest.Asked.REQUIRED
