"""Which manager hears of the stand-in's one booking."""

from portal.stand_in import TOKEN, Town

MANAGER = f"/b/{TOKEN}/manager"
NOBODY = {"manager_name": None, "manager_email": None, "plans": None}


def hearing(town: Town) -> dict:
    """Let bookings keep who hears of it."""
    it: dict = {**NOBODY}

    def keep(_path: str, _query: dict, body: dict) -> tuple[int, object]:
        if not town.refusal:
            it.update(body)
        return town.refusal or (200, it)

    def forget(*_: object) -> tuple[int, object]:
        it.update(NOBODY)
        return 204, {}

    town.bookings_service.answers |= {
        f"GET {MANAGER}": lambda *_: (200, it),
        f"PUT {MANAGER}": keep,
        f"DELETE {MANAGER}": forget,
    }
    return it
