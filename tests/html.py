"""Comparing pages as a browser draws them: line breaks in the markup are spaces."""


def flat(page: str) -> str:
    """Return the markup with each run of white space as one space."""
    return " ".join(page.split())
