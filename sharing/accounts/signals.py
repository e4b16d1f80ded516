"""What other rooms may want to hear of: this one knows none of them."""

from django.dispatch import Signal

# Sent in the transaction that suspends `user`; `by` is who does.
suspended = Signal()
