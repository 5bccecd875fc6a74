"""Who may import whom is as the map in pyproject.toml says, and each border is guarded."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

INDEPENDENT = "Services never import one another"
STANDING = "Services stand on shared, and the launcher on everything"
SHARED = "Inside shared: service, then kernel, then contracts"
PURE = "Contracts and rules are pure"
BUS = "Services talk over the bus: no calls to others, no broker of their own"
DOOR = "The portal has no private door"
HUB = "services/resources/pdu_resources"
RULES = f"{HUB}/rules/project_year.py"
MEMBER = f"{HUB}/member/registration.py"
RESOURCES = "Inside resources: app, then capabilities, then rules"


def folders(root):
    return [root / "shared", root / "deploy/local", *sorted((root / "services").iterdir())]


def lint(root):
    """The names of the broken contracts, and everything that was said."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", LINT, "--config", "pyproject.toml", "--no-cache", "--no-logo"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders(root)))},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    broken = {line[:-7] for line in said.splitlines() if line.endswith(" BROKEN")}
    assert bool(broken) == bool(done.returncode), said
    return broken, said


BREACHES = [
    (INDEPENDENT, MEMBER, "import pdu_bookings.rules"),
    (STANDING, "shared/pdu_shared/bus.py", "import pdu_resources.member.registration"),
    (STANDING, MEMBER, "import pdu_local.paths"),
    (SHARED, "shared/pdu_shared/contracts/bookings/place.py", "import pdu_shared.identity"),
    (SHARED, "shared/pdu_shared/outbox.py", "import pdu_shared.service"),
    (SHARED, "shared/pdu_shared/service.py", "import pdu_shared.running"),
    (SHARED, "shared/pdu_shared/surprise.py", '"""A room that is on no map."""'),
    (PURE, "shared/pdu_shared/contracts/bookings/place.py", "import asyncpg"),
    (PURE, RULES, "import fastapi"),
    (PURE, RULES, "import pdu_shared.persons"),
    (BUS, MEMBER, "import httpx"),
    (BUS, MEMBER, "import aio_pika"),
    (BUS, MEMBER, "import pdu_shared.publishing"),
    (DOOR, "services/portal/pdu_portal/words.py", "import pdu_shared.contracts.bookings"),
    (RESOURCES, f"{HUB}/vocabulary/taxonomy.py", "import pdu_resources.app"),
    (RESOURCES, f"{HUB}/surprise.py", '"""On no map either."""'),
]


def copied_to(folder):
    """A copy of the code, to break."""
    without = shutil.ignore_patterns("__pycache__", "*.sql", "*.lock", "static", "templates")
    for name in ("shared", "services", "deploy/local"):
        shutil.copytree(ROOT / name, folder / name, ignore=without)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def complaints(tmp_path_factory):
    """What is said about a copy in which every border is crossed, by border."""
    root = copied_to(tmp_path_factory.mktemp("broken"))
    for _, module, line in BREACHES:
        with (root / module).open("a") as source:
            source.write(f"\n{line}\n")
    broken, said = lint(root)
    parts = re.split(rf"^({'|'.join(map(re.escape, broken))})\n-+$", said, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_everybody_keeps_to_the_rooms_they_may_enter():
    broken, said = lint(ROOT)
    assert not broken, said


@pytest.mark.parametrize(("border", "module", "line"), BREACHES)
def test_whoever_crosses_a_border_is_caught(complaints, border, module, line):
    importer = module[module.index("pdu_", module.index("/")) : -3].replace("/", ".")
    imported = line.partition("import ")[2]
    assert (f"{importer} -> {imported}" if imported else importer) in complaints[border]


def unmapped(root):
    """What the map does not say about the services that there are."""
    tools = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]
    there = {path.parent.name for path in (root / "services").glob("*/pdu_*/__init__.py")}
    rules = {f"{path.parent.name}.rules" for path in root.glob("services/*/pdu_*/rules")}
    inside = {
        room
        for contract in tools["contracts"]
        for room in contract.get("containers", ())
        if contract.get("exhaustive")
    }
    named = {contract["name"]: contract for contract in tools["contracts"]}
    return {
        "packages": there - set(tools["root_packages"]),
        "independence": there - set(named[INDEPENDENT]["modules"]),
        "inside": there - inside,
        "rules": rules - set(named[PURE]["source_modules"]),
        "bus": there - {"pdu_portal", "pdu_reporting"} - set(named[BUS]["source_modules"]),
    }


def test_every_service_is_on_the_map():
    assert not any(unmapped(ROOT).values()), unmapped(ROOT)


def test_a_new_service_that_is_not_on_the_map_is_noticed(tmp_path):
    copied = copied_to(tmp_path)
    rules = copied / "services/catering/pdu_catering/rules"
    rules.mkdir(parents=True)
    (rules.parent / "__init__.py").touch()
    assert unmapped(copied) == {
        "packages": {"pdu_catering"},
        "independence": {"pdu_catering"},
        "inside": {"pdu_catering"},
        "rules": {"pdu_catering.rules"},
        "bus": {"pdu_catering"},
    }
