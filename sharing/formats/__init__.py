"""Django's own date formats, for each language in which ours differ."""
