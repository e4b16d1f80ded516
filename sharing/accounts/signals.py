"""Signals for other apps. This app imports none of them."""

from django.dispatch import Signal

# Sent in the transaction that suspends `user`; `by` is who does.
suspended = Signal()
