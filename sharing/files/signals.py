"""Signals by which apps above this one answer questions about files."""

from django.dispatch import Signal

# Receivers return a Q that selects the files for which their app issued presigned URLs that may still work.
usable_url_filters = Signal()
