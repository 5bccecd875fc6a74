"""A measure: medians over rounds in which ours and the yardstick take turns."""

import json
import statistics
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from benchmarks.machine import Conditions
from benchmarks.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One round: ours, and the yardstick in the same seconds."""

    value: float
    yardstick: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    cpu_ms: float | None = None
    cpu_ms_of: Mapping[str, float] = field(default_factory=dict)
    """The processor time for one operation of each process, the load generator's too."""
    rss_mb: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What is measured, in which unit, against what, and what is hoped for.

    `rounds(stage, seconds)` gives one sample after another, for as long as it is asked.
    """

    name: str
    unit: str
    yardstick: str
    rounds: "Rounds"
    floor: float
    aim: float
    less_is_better: bool = False
    absolute: bool = False
    """Whether floor and aim are about the value itself, not the ratio."""


Rounds: TypeAlias = Callable[[Stage, float], AsyncGenerator[Sample, None]]


@dataclass(frozen=True, slots=True)
class Measure:
    """The medians of all rounds of a benchmark, and the conditions under which they were taken."""

    benchmark: Benchmark
    samples: Sequence[Sample]
    conditions: Conditions

    def median(self, field: str) -> float | None:
        """The median of a field over the rounds that have it."""
        found = [value for one in self.samples if (value := getattr(one, field)) is not None]
        return statistics.median(found) if found else None

    @property
    def cpu_ms_of(self) -> dict[str, float]:
        """The medians of each process."""
        return {
            name: statistics.median(one.cpu_ms_of[name] for one in self.samples)
            for name in self.samples[0].cpu_ms_of
        }

    @property
    def ratio(self) -> float | None:
        """Ours against the yardstick: the median of the rounds' own ratios."""
        ratios = [one.value / one.yardstick for one in self.samples if one.yardstick]
        return statistics.median(ratios) if ratios else None

    def as_json(self) -> str:
        """One line for programs."""
        return json.dumps(
            {
                "name": self.benchmark.name,
                "value": _rounded(self.median("value")),
                "unit": self.benchmark.unit,
                "yardstick": self.benchmark.yardstick,
                "yardstick_value": _rounded(self.median("yardstick")),
                "ratio": _rounded(self.ratio),
                "p50_ms": _rounded(self.median("p50_ms")),
                "p99_ms": _rounded(self.median("p99_ms")),
                "cpu_ms_per_op": _rounded(self.median("cpu_ms")),
                "cpu_ms_of": {name: _rounded(used) for name, used in self.cpu_ms_of.items()},
                "rss_mb": _rounded(self.median("rss_mb")),
                "load": _rounded(self.conditions.load),
                "fdatasync_ms": _rounded(self.conditions.fdatasync_ms),
                "noisy": self.conditions.noisy,
            }
        )


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
