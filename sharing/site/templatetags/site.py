"""The template tag by which pages and mails read what staff may change."""

from django import template

from sharing.site.current import Site, site

register = template.Library()


@register.simple_tag
def this_site() -> Site:
    """Return the site's settings. Base templates keep them as `site`, so every block has them."""
    return site
