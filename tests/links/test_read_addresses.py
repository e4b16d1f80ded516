"""Reading the addresses that people type, or paste from a mail client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.mail.address_list import MAX_PIECES, Person, TooManyAddresses, mailbox, read_addresses

ANN, BOB = Person("ann@example.com", "Ann Smith"), Person("bob@example.com")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Smith <ann@example.com>, bob@example.com",
        "Ann Smith <ann@example.com>; bob@example.com;",
        "Ann Smith <ann@example.com>\r\n\r\nbob@example.com\n",
        ' "Ann Smith" <ann@example.com> ,, <bob@example.com>',
        "'Ann Smith' <ann@example.com>\tbob@example.com".replace("\t", ","),
        "ann@example.com (Ann Smith), bob@example.com <bob@example.com>",
        "Ann Smith <ann@example.com>, bob@example.com, BOB@Example.com, Ann <ANN@example.com>",
    ],
)
def test_what_mail_clients_write(text: str) -> None:
    reading = read_addresses(text)
    assert (reading.people, reading.wrong) == ([ANN, BOB], [])


@pytest.mark.parametrize("text", ["Smith, Ann <ann@example.com>", '"Smith, Ann" <ann@example.com>'])
def test_a_comma_in_a_name(text: str) -> None:
    assert read_addresses(f"{text}; bob@example.com").people == [Person(ANN.email, "Smith, Ann"), BOB]


def test_addresses_with_nothing_but_spaces_between() -> None:
    assert [person.email for person in read_addresses("a@x.org b@x.org\tc@x.org").people] == [
        "a@x.org",
        "b@x.org",
        "c@x.org",
    ]


def test_names_in_any_script() -> None:
    people = read_addresses("Jürgen 😀 <j@x.org>, عمر <o@x.org>, 日本 <n@bücher.example>").people
    assert [person.name for person in people] == ["Jürgen 😀", "عمر", "日本"]


@pytest.mark.parametrize(
    "wrong", ["ann", "ann@", "@example.com", "ann@exa mple.com", "ännchen@example.com", f"{'a' * 250}@x.org"]
)
def test_what_is_no_address_is_named_and_nothing_else_is_lost(wrong: str) -> None:
    reading = read_addresses(f"bob@example.com; {wrong}\nann@example.com")
    assert [person.email for person in reading.people] == ["bob@example.com", "ann@example.com"]
    assert reading.wrong == [wrong]


def test_what_is_no_address_is_named_by_itself() -> None:
    reading = read_addresses("one, two; three, ann@example.com, four")
    assert [person.email for person in reading.people] == ["ann@example.com"]
    assert reading.wrong == ["one", "two", "three", "four"]


def test_what_hides_in_a_name_is_dropped() -> None:
    [person] = read_addresses("\N{RIGHT-TO-LEFT OVERRIDE}A\x00n\u200bn <ann@example.com>").people
    assert person.name == "Ann"


@given(st.text(max_size=60))
def test_any_name_makes_one_mailbox(name: str) -> None:
    written = mailbox("ann@example.com", name)
    assert "\n" not in written
    assert "\r" not in written
    assert written.endswith("ann@example.com>") or written == "ann@example.com"


@given(st.text(alphabet='ab@.,;<>"\\ \n\tü()', max_size=60))
def test_nothing_breaks_it(text: str) -> None:
    for person in read_addresses(text).people:
        assert mailbox(person.email, person.name)


@pytest.mark.parametrize("piece", ["a,", "a;", "@,", "a@b.org ", "<,", '",'])
def test_more_pieces_than_anybody_sends_to_are_not_read_at_all(piece: str) -> None:
    with pytest.raises(TooManyAddresses):
        read_addresses(piece * 24_000)
    assert read_addresses("a@b.org," * MAX_PIECES).people == [Person("a@b.org")]


def test_commas_alone_are_nothing() -> None:
    assert read_addresses("," * 24_000).people == []


def test_a_quotation_mark_that_never_ends_is_not_looked_for_through_the_whole_text() -> None:
    """Each one would be, from each before it: 24,000 of them took 29 seconds."""
    assert len(read_addresses(f'"{"x" * 200}, y"').wrong) == 1
    assert len(read_addresses(f'"{"x" * 400}, y"').wrong) == 2
    assert read_addresses('"\\' * 24_000).people == []
