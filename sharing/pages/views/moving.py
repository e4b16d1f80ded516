"""Moves selected files and folders to another folder, and gives one of them another name."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sharing.accounts.http import signed_in_user
from sharing.accounts.models import User
from sharing.addresses.views import form_status
from sharing.files.errors import InvalidName
from sharing.files.folders import folders_in
from sharing.files.moving import move, move_back, moved_path
from sharing.files.names import MAX_NAME_LENGTH, MAX_PATH_LENGTH, parse_name, parse_path
from sharing.files.views.changes import UNDO
from sharing.links.selection import Selection
from sharing.pages.views.selection import selection_view
from sharing.wording import grouped

# Folders that are suggested.
SUGGESTIONS = 100


class MoveForm(forms.Form):
    """Cleans to `to`, a path, and `name`: "" where several things move, which keep their names."""

    to = forms.CharField(
        label=gettext_lazy("Folder"),
        required=False,
        max_length=MAX_PATH_LENGTH,
        strip=False,
        help_text=gettext_lazy(
            "Such as “photos/2026”; empty for no folder. It is created if it does not exist. Files of the same "
            "name stay side by side."
        ),
        widget=forms.TextInput(attrs={"list": "folders", "autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"), required=False, max_length=MAX_NAME_LENGTH, strip=False
    )

    def __init__(self, selection: Selection, data: Any = None) -> None:
        self.selection = selection
        self.file = _only(selection.files, selection.folders or selection.found)
        self.folder = _only(selection.folders, selection.files or selection.found)
        one = self.folder.name if self.folder else self.file.path if self.file else ""
        parent, _slash, last = one.rpartition("/")
        initial = {"to": parent if self.folder else one, "name": self.file.name if self.file else last}
        super().__init__(data, initial=initial)
        if not (self.file or self.folder):
            del self.fields["name"]

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"].strip("/")
        try:
            to = parse_path(to)
            for folder in self.selection.folders:
                moved_path(folder.name, folder=folder.name, to=to)
        except InvalidName as error:
            raise forms.ValidationError(str(error)) from error
        return to

    def clean_name(self) -> str:
        try:
            return parse_name(self.cleaned_data["name"])
        except InvalidName as error:
            raise forms.ValidationError(str(error)) from error

    @property
    def paths(self) -> dict[UUID, str]:
        """Return the new path of each file. Raises InvalidName."""
        to, name = self.cleaned_data["to"], self.cleaned_data.get("name", "") if self.folder else ""
        paths = {file.pk: to for file in self.selection.alone()}
        for folder in self.selection.folders:
            for key, path in self.selection.held_by(folder).values_list("pk", "path"):
                paths[key] = moved_path(path, folder=folder.name, to=to, name=name)
        return paths


def _only[Thing](things: list[Thing], others: object) -> Thing | None:
    return things[0] if len(things) == 1 and not others else None


@require_http_methods(["GET", "HEAD", "POST"])
@selection_view
def move_files(request: HttpRequest, user: User, selection: Selection) -> HttpResponse:
    """GET asks where to; POST moves. Takes a selection's parameters."""
    form = MoveForm(selection, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _moved(request, user, form)
        except InvalidName as error:
            form.add_error("to", str(error))
    context = {
        "selection": selection,
        "form": form,
        "suggestions": folders_in(user, "", limit=SUGGESTIONS),
    }
    return render(request, "pages/move.html", context, status=form_status(form))


def _moved(request: HttpRequest, user: User, form: MoveForm) -> HttpResponse:
    moved, name = move(user, form.paths, by=user)
    if form.file and form.file.name != form.cleaned_data["name"]:
        form.file.rename(form.cleaned_data["name"], by=user)
        moved = moved or 1
    words = ngettext(
        "Moved or renamed %(n)s file. Its links keep working.",
        "Moved or renamed %(n)s files. Their links keep working.",
        moved,
    )
    undo = f"{UNDO}{reverse('files_move_undone')}?{urlencode({'move': name})}"
    is_moved_alone = moved and not (form.file and form.file.name != form.initial["name"])
    messages.success(request, words % {"n": grouped(moved)}, extra_tags=undo if is_moved_alone else "")
    to = form.cleaned_data["to"]
    return redirect(f"{reverse('dashboard')}{f'?{urlencode({"folder": to})}' if to else ''}#files")


@require_POST
def move_files_back(request: HttpRequest) -> HttpResponse:
    user = signed_in_user(request)
    moved = move_back(user, request.GET.get("move", ""), by=user)
    words = ngettext("Moved %(n)s file back.", "Moved %(n)s files back.", moved)
    messages.success(request, words % {"n": grouped(moved)})
    return redirect("dashboard")
