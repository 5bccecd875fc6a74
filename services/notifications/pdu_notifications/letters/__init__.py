"""The letters, one module each: what makes us write, and what we say.

A module has LISTENERS, and in WHEN_DUE (if it plans ahead) who writes what was planned. A new
letter is a module, its name in LETTERS, and a test.
"""

from types import ModuleType

from pdu_notifications.letters import booking_confirmation, cancellation, reminder, waiting_list

LETTERS: tuple[ModuleType, ...] = (booking_confirmation, waiting_list, cancellation, reminder)
