"""All named figures, one module for each."""

from pdu_reporting.figure import Figure
from pdu_reporting.figures import attendances, bookings, individuals

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (attendances.ATTENDANCES, individuals.INDIVIDUALS, bookings.BOOKINGS)
}
