"""`python -m pdu_local`: what ./pdu becomes once everything it needs is installed."""

import sys

from pdu_local.cli import app
from pdu_local.failure import Failure, explain


def main() -> None:
    """Run one command; trouble ends in a sentence and the way out."""
    try:
        app(prog_name="./pdu")
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(failure.code)
    except OSError as error:
        print(explain(error), file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
