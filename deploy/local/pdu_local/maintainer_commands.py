"""The commands of ./pdu for whoever changes it: tests, benchmarks, papers and lock files."""

from typing import Annotated

import typer


def test(context: typer.Context) -> None:
    """Run the tests; what follows goes to pytest."""
    from pdu_local.testing import test

    raise typer.Exit(test(context.args))


def lint() -> None:
    """Run ruff and mypy over everything."""
    from pdu_local.linting import lint

    raise typer.Exit(lint())


def bench(context: typer.Context) -> None:
    """Measure this machine's speed against yardsticks; --help tells more."""
    from pdu_local.bench import main

    raise typer.Exit(main(context.args))


def generate() -> None:
    """Write README's table, OpenAPI, AsyncAPI and schemas anew from the code."""
    from pdu_local.generate import main

    main()


def pictures() -> None:
    """Take the pictures of README and docs/ anew, of the demonstration that runs here."""
    from pdu_local.pictures import pictures

    for file in pictures():
        print(f"{file} ({file.stat().st_size // 1000} kB)")


def lock(
    *, upgrade: Annotated[bool, typer.Option("--upgrade", help="Take the newest.")] = False
) -> None:
    """Make the lock files again (for maintainers)."""
    from pdu_local.locking import lock

    lock(upgrade=upgrade)
