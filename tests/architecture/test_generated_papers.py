"""README's table, OpenAPI, AsyncAPI and schemas say what the code says."""

import json
import shutil
from pathlib import Path

import pytest

from pdu_local.failure import Failure
from pdu_local.generate import BEGIN, END, drifted, generate, papers, services_of, table
from pdu_shared.contracts import MESSAGES
from structure import ROOT

SCHEMA = Path("docs/schemas/bookings.EventBooked.json")


@pytest.fixture
def checkout(tmp_path):
    """A checkout whose papers are up to date, to change."""
    for path in ROOT.glob("services/*/pdu_*/app.py"):
        there = tmp_path / path.relative_to(ROOT)
        there.parent.mkdir(parents=True)
        shutil.copy(path, there)
    (tmp_path / "README.md").write_text(f"# Example\n\n{BEGIN}\n{END}\n\nThe end.\n")
    generate(tmp_path)
    return tmp_path


def test_every_paper_is_as_the_code_says():
    assert drifted(ROOT, papers(ROOT)) == [], "run ./pdu generate"


def test_generating_twice_changes_nothing(checkout):
    assert generate(checkout) == []


def test_a_paper_that_was_edited_is_noticed_and_written_anew(checkout):
    (checkout / SCHEMA).write_text("{}\n")
    assert drifted(checkout, papers(checkout)) == [SCHEMA]
    assert generate(checkout) == [SCHEMA]
    assert json.loads((checkout / SCHEMA).read_text())["$id"] == "/schemas/bookings.EventBooked"


def test_a_paper_that_is_missing_is_noticed(checkout):
    (checkout / SCHEMA).unlink()
    assert generate(checkout) == [SCHEMA]


def test_a_paper_of_a_message_that_is_no_more_is_removed(checkout):
    left = SCHEMA.with_name("bookings.EventForgotten.json")
    (checkout / left).write_text("{}\n")
    assert generate(checkout) == [left]
    assert not (checkout / left).exists()


def test_the_readmes_table_is_kept_and_the_rest_of_it_left_alone(checkout):
    readme = checkout / "README.md"
    before = readme.read_text()
    assert before.startswith("# Example\n")
    assert before.endswith("\n\nThe end.\n")
    row = next(line for line in before.splitlines() if "`EventBooked`" in line)
    readme.write_text(before.replace(row, row.replace("| bookings |", "| nobody |")))
    assert generate(checkout) == [Path("README.md")]
    assert readme.read_text() == before


def test_a_readme_without_a_place_for_the_table_is_refused_in_a_sentence(checkout):
    (checkout / "README.md").write_text("# Example\n")
    with pytest.raises(Failure, match="no place for the messages"):
        generate(checkout)


def test_the_table_has_a_row_for_every_message():
    rows = table(services_of(ROOT)).splitlines()[2:]
    assert len(rows) == len(MESSAGES)
    assert [row.split("`")[1] for row in rows] == [
        message.__name__ for _, message in sorted(MESSAGES.items())
    ]


def test_every_service_with_a_table_of_contents_has_its_papers():
    names = {service.name for service in services_of(ROOT)}
    for kind in ("openapi", "asyncapi"):
        assert {path.name for path in (ROOT / "docs/api").glob(f"*.{kind}.json")} == {
            f"{name}.{kind}.json" for name in names
        }
