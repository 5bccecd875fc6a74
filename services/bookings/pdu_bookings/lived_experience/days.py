"""Days that are written down afterwards: they have come, and were not before there was a PDU."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from pdu_shared.forms import EARLIEST
from pdu_shared.local_time import local_now


def _that_has_come(day: date) -> date:
    if not EARLIEST.date() <= day <= local_now().date():
        msg = "Give a day that has come, since 2017."
        raise ValueError(msg)
    return day


DayThatCame = Annotated[
    date, AfterValidator(_that_has_come), Field(description="A day that has come, since 2017")
]
