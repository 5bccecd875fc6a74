"""Single numbers out of the metrics page that every service has."""

import re


def total(metrics: str, name: str) -> float | None:
    """The sum over all labels of one metric; None when the page does not have it."""
    found = [value for line in metrics.splitlines() if (value := _value(line, name)) is not None]
    return sum(found) if found else None


def by_label(metrics: str, name: str, label: str) -> dict[str, float]:
    """The values of one metric by one of its labels, in the order of the page."""
    pattern = re.compile(rf'^{re.escape(name)}\{{(?:.*,)?{re.escape(label)}="([^"]*)"')
    found: dict[str, float] = {}
    for line in metrics.splitlines():
        value, said = _value(line, name), pattern.match(line)
        if said and value is not None:
            found[said[1]] = found.get(said[1], 0) + value
    return found


def _value(line: str, name: str) -> float | None:
    if not line.startswith((f"{name} ", f"{name}{{")):
        return None
    try:
        return float(line.rpartition("}")[2].split()[0 if "}" in line else 1])
    except (IndexError, ValueError):
        return None
