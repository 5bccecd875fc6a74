"""`./pdu bench` before anything is measured."""

from pdu_local import bench


def test_an_unknown_benchmark_is_named_together_with_those_there_are(capfd):
    assert bench.main(["nonsense"]) == 64
    said = capfd.readouterr().err
    assert "'nonsense'" in said
    assert "bookings-hot-32" in said
