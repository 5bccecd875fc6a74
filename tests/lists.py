"""The lists of a new installation, as resources tells them: `await deliver(…, *lists.told())`."""

import tomllib
from importlib.resources import files
from uuid import uuid4

from pdu_shared.contracts.resources.vocabulary import CategoryDefined, WorkstreamDefined

SCHEMES = ("sector", "work_field", "role_level", "area", "heard_about")


def told() -> list[CategoryDefined | WorkstreamDefined]:
    """Every word that can be chosen today. A service that has heard of none takes any."""
    begins = tomllib.loads((files("pdu_resources") / "lists.toml").read_text())
    words = [
        CategoryDefined(category_id=uuid4(), scheme=scheme, code=code, label=label)
        for scheme in SCHEMES
        for code, label in begins[scheme].items()
    ]
    streams = [
        WorkstreamDefined(workstream_id=uuid4(), **one)
        for one in begins["workstream"]
        if "valid_to" not in one
    ]
    return [*words, *streams]
