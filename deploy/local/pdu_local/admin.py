"""`./pdu admin`: the first administrator, made by whoever may use this machine."""

from pdu_local.failure import Failure
from pdu_local.place import running_place
from pdu_local.programs import errand_with


def admin(address: str) -> None:
    """Give a member the role; Failure with a sentence when there is no such member."""
    if "@" not in address:
        raise Failure("This is no e-mail address.", "For example: ./pdu admin rosa@example.org")
    # Said on standard input: the words of a command are seen by everybody on this machine.
    print(errand_with("resources", ["administrator"], address, running_place()).strip())
