"""The words of lists that resources owns (sectors, work fields …), and the check against them."""

from collections.abc import Iterable, Mapping

from pdu_shared.contracts.resources import CategoryDefined
from pdu_shared.database import Conn
from pdu_shared.problems import Fault, Refused


async def learn_category(conn: Conn, message: CategoryDefined) -> None:
    """Keep a word that may be used from now on."""
    await conn.execute(
        "INSERT INTO category (scheme, code) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        message.scheme,
        message.code,
    )


async def known_categories(conn: Conn) -> dict[str, set[str]]:
    """The words of each list that has been told."""
    rows = await conn.fetch("SELECT scheme, array_agg(code) AS codes FROM category GROUP BY scheme")
    return {row["scheme"]: set(row["codes"]) for row in rows}


def check_categories(
    known: Mapping[str, set[str]], said: Iterable[tuple[str, str, str | None]]
) -> None:
    """Raise Refused for codes that are not in their list: (pointer, scheme, code).

    A list that has not been told yet is not checked: booking goes on when resources is late.
    """
    faults = [
        Fault(pointer, "unknown-code", f"Possible are: {', '.join(sorted(known[scheme]))}.")
        for pointer, scheme, code in said
        if code is not None and scheme in known and code not in known[scheme]
    ]
    if faults:
        raise Refused(errors=faults)
