"""Which tests stay together and which come first, where workers share them."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

# Each line goes to one worker, for it starts servers or processes once; the longest come first,
# so that at the end no worker has long to go while the others wait.
LONGEST = (
    ("tests/launcher/test_up.py",),
    ("tests/http/test_openapi.py",),
    # They compare all that reporting keeps: early, while that is little.
    (
        "tests/reporting/test_nightly.py",
        "tests/reporting/test_rebuild.py",
        "tests/reporting/test_tally.py",
    ),
    ("tests/http/",),
    (
        "tests/faults/test_broker_outages.py",
        "tests/faults/test_database_outages.py",
        "tests/faults/test_never_oversold.py",
    ),
    ("tests/browser/whole/",),
    ("tests/journeys/",),
    ("tests/faults/test_crashes.py",),
    ("tests/kernel/test_relay.py",),
    ("tests/faults/test_removed_safeguards.py",),
)


def turn(nodeid: str) -> int:
    """Its line above; what is not named there comes after them."""
    for place, together in enumerate(LONGEST):
        if nodeid.startswith(together):
            return place
    return len(LONGEST)


class Turns(LoadScopeScheduling):
    """Whoever is free takes the next line, or the next file, in the order of collection."""

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        place = turn(nodeid)
        return LONGEST[place][0] if place < len(LONGEST) else nodeid.partition("::")[0]
