"""All named figures, one module for each."""

from pdu_reporting.figures.attendances import ATTENDANCES
from pdu_reporting.figures.bookings import BOOKINGS
from pdu_reporting.figures.figure import Dimension, Figure
from pdu_reporting.figures.individuals import INDIVIDUALS

FIGURES: dict[str, Figure] = {
    figure.name: figure for figure in (ATTENDANCES, INDIVIDUALS, BOOKINGS)
}

__all__ = ["FIGURES", "Dimension", "Figure"]
