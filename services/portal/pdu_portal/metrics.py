"""Single numbers out of the metrics page that every service has."""


def total(metrics: str, name: str) -> float | None:
    """The sum over all labels of one metric; None when the page does not have it."""
    found = [value for line in metrics.splitlines() if (value := _value(line, name)) is not None]
    return sum(found) if found else None


def _value(line: str, name: str) -> float | None:
    if not line.startswith((f"{name} ", f"{name}{{")):
        return None
    try:
        return float(line.rpartition("}")[2].split()[0 if "}" in line else 1])
    except (IndexError, ValueError):
        return None
