"""Tokens: nobody but this instance makes one, and a change of any of its characters makes it none."""

import pytest
from django.conf import LazySettings

from sharing import tokens

PUBLIC_ID = "7K2FQ9XM3T8V"


def test_a_change_of_any_character_makes_it_no_token() -> None:
    token = tokens.mint("link", PUBLIC_ID)
    assert tokens.read("link", token) == PUBLIC_ID
    for place, char in enumerate(token):
        for other in "AB":
            if other != char:
                assert tokens.read("link", token[:place] + other + token[place + 1 :]) is None, place
    assert tokens.read("link", token[:-1]) is None
    assert tokens.read("link", f"{token}A") is None


@pytest.mark.parametrize("purpose", ["recipient", "request", "invitation", "setup", "code", "bounce"])
def test_a_token_for_one_purpose_is_worthless_for_another(purpose: str) -> None:
    assert tokens.read(purpose, tokens.mint("link", PUBLIC_ID)) is None


def test_another_key_makes_other_tokens_and_a_former_one_is_honoured(settings: LazySettings) -> None:
    token, settings.SECRET_KEY = tokens.mint("link", PUBLIC_ID), "another" * 10
    assert tokens.read("link", token) is None
    settings.SECRET_KEY_FALLBACKS = ["a third" * 10]
    assert tokens.read("link", token) is None


def test_a_seal_holds_after_the_key_was_changed_for_as_long_as_the_former_one_is_named(
    settings: LazySettings,
) -> None:
    """Else the objects of before would be nobody's, and nothing would ever be cleared away."""
    seal, former = tokens.seal("object key", "text"), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [former]
    assert tokens.is_sealed("object key", "text", seal)
    settings.SECRET_KEY_FALLBACKS = []
    assert not tokens.is_sealed("object key", "text", seal)
