"""A waybill's number, as people write it."""

import re


def plain_number(term: str) -> str:
    """The number as it is stored, when somebody pastes it as it is printed (WB·7K2F·Q9XM·3T8V)."""
    match = re.fullmatch(r"\s*WB((?:[·.\s-]*[0-9A-Z]{4}){3})\s*", term, re.IGNORECASE)
    return re.sub(r"[^0-9A-Z]", "", match[1].upper()) if match else term
