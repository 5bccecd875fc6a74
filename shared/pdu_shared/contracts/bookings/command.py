"""What bookings answers to commands: front ends without HTTP find these in the journal."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Part, Wording
from pdu_shared.contracts.vocabulary import PlaceState


class CommandTaken(Message):
    """A command was carried out, or had been before; what changed is told by its own messages."""

    about = "command"
    public = True

    command_id: UUID
    """The `id` of the command."""
    booking_id: UUID | None = None
    state: PlaceState | None = None
    """How the booking stands after it."""


class CommandFault(Part):
    """One thing wrong with a command: where in its `body`, and a stable code."""

    pointer: Wording | None = None
    code: Code


class CommandRefused(Message):
    """A command was not carried out, and nothing has changed."""

    about = "command"
    public = True

    command_id: UUID
    problem: Code
    """The last part of the problem's type: `conflict` stands for `/problems/conflict`."""
    faults: tuple[CommandFault, ...] = ()
