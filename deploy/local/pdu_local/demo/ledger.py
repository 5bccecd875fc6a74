"""What of the demonstration is done already: so it goes on where it stopped, and ends."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

Answer = dict[str, Any]


class Ledger:
    """One line for each thing that was done, with what came of it."""

    def __init__(self, file: Path, now: datetime) -> None:
        self._file = file
        self._done: dict[str, Answer] = {}
        self.first_day: date = now.date()
        kept = file.read_text("utf-8") if file.exists() else ""
        for line in kept.splitlines():
            self._take(line)
        if kept and not kept.endswith("\n"):
            with file.open("a", encoding="utf-8") as cut:
                cut.write("\n")
        if not self._done:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("", "utf-8")
            minute = now.isoformat(timespec="minutes")
            self.note("first day", {"day": now.date().isoformat(), "minute": minute})

    def __len__(self) -> int:
        """How many things are done."""
        return len(self._done)

    def __contains__(self, key: str) -> bool:
        """Whether this is done."""
        return key in self._done

    def __getitem__(self, key: str) -> Answer:
        """What came of it."""
        return self._done[key]

    def note(self, key: str, answer: Mapping[str, Any]) -> Answer:
        """Write down that this is done."""
        kept = dict(answer)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "answer": kept}) + "\n")
        self._done[key] = kept
        return kept

    def _take(self, line: str) -> None:
        try:
            said = json.loads(line)
        except ValueError:
            return  # the end of a line that was being written when everything stopped
        self._done[said["key"]] = said["answer"]
        if said["key"] == "first day":
            self.first_day = date.fromisoformat(said["answer"]["day"])
