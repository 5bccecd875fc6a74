"""What a dashboard asks does not take longer the more people came."""

from urllib.parse import parse_qsl

import pytest

from benchmarks.figures import DASHBOARD
from pdu_reporting.asking import Asked
from pdu_reporting.figures import FIGURES
from pdu_reporting.tally.asked import kept_for


def asked_by(query: str) -> Asked:
    words = dict(parse_qsl(query))
    by = words.pop("by", "")
    codes = {name: [said] for name, said in words.items()}
    return Asked(tuple(by.split(",")) if by else (), codes, first=None, last=None)


@pytest.mark.parametrize("question", DASHBOARD)
def test_what_dashboards_ask_is_kept_counted(question):
    name, _, query = question.partition("?")
    assert kept_for(FIGURES[name], asked_by(query)) is not None
