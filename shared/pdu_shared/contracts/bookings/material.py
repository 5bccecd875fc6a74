"""What bookings tells of materials: what was shown at a learning event or handed out."""

from uuid import UUID

from pdu_shared.contracts.message import Code, Message, Wording


class MaterialAdded(Message):
    """Something of a learning event can be found again: at an address, or in the hub."""

    about = "material"

    material_id: UUID
    learning_event_id: UUID
    kind: Code
    title: Wording
    url: Wording | None = None
    """Where it is, for everybody."""
    item_id: UUID | None = None
    """The item of the hub that it is."""


class MaterialRemoved(Message):
    """Something is offered with a learning event no more."""

    about = "material"

    material_id: UUID
    learning_event_id: UUID
