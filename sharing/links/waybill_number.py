"""The number that is printed on a waybill. It names a link, and grants no access."""

import re


def waybill_number(public_id: str) -> str:
    """Return a link's public id as it is printed, such as WB·7K2F·Q9XM·3T8V."""
    return "·".join(["WB", *(public_id[i : i + 4] for i in range(0, len(public_id), 4))])


def parse_waybill_number(term: str) -> str:
    """Return the public id of a number as it is printed, and any other term as it is."""
    match = re.fullmatch(r"\s*WB((?:[·.\s-]*[0-9A-Z]{4}){3})\s*", term, re.IGNORECASE)
    return re.sub(r"[^0-9A-Z]", "", match[1].upper()) if match else term
