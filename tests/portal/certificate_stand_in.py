"""A certificate as bookings would tell of it."""

from portal.stand_in import TOKEN, Town

CODE = "mfzwiy3pnvsxe2lbnqqgc3th"


def certificate_of(town: Town, *, asked_for: bool = True, **changes: object) -> dict:
    """The certificate of the stand-in's one booking; changed by hand in tests."""
    it = {
        "code": CODE,
        "state": "issued",
        "title": "Hoarding: behind the door",
        "holder": "M. F.",
        "days": ["2027-01-14"],
        "hours": 6.5,
        "issued_on": "2027-01-20",
    } | changes
    own = {"holder": "Marian Fitzwalter", "show_name": False, "there": asked_for}

    def public(*_: object) -> tuple[int, object]:
        return 200, it

    def mine(*_: object) -> tuple[int, object]:
        return (200, it | own) if own["there"] else (404, {"title": "Not found"})

    def ask(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if town.refusal:
            return town.refusal
        own.update(body, there=True)
        return 200, it | own

    town.services["bookings"].answers |= {
        f"GET /certificates/{CODE}": public,
        f"GET /b/{TOKEN}/certificate": mine,
        f"POST /b/{TOKEN}/certificate": ask,
    }
    return it
