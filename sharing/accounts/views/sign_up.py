"""Signing up by oneself."""

import time
from typing import Any

from allauth.account.views import SignupView
from django.http import HttpResponse

# Several times what a new account takes: its row, its record and its mail.
ANSWER_SECONDS = 0.5


class SignUp(SignupView):
    """Answers no address sooner than another, so that time does not tell which ones have an account."""

    def form_valid(self, form: Any) -> HttpResponse:
        began = time.monotonic()
        response: HttpResponse = super().form_valid(form)
        time.sleep(max(0.0, began + ANSWER_SECONDS - time.monotonic()))
        return response
