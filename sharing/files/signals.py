"""What other apps may want to hear of files, or to say of them: this one knows none of them."""

from django.dispatch import Signal

# Asks of which files others handed out URLs that may still work. A receiver returns a Q on File.
usable_url_filters = Signal()
