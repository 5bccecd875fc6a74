"""`./pdu report`: a file to print, or clear words why there is none."""

from pathlib import Path

import pytest

from pdu_local.failure import Failure
from pdu_local.report import report


def test_a_file_of_another_kind_is_refused_before_anything_is_asked():
    with pytest.raises(Failure) as failure:
        report("2", Path("report.docx"), team=False)
    assert ".pdf, .html, .json, .zip" in failure.value.way_out
