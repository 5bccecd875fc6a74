"""Whoever edits says which version they have seen: as the kernel has it for every service."""

from pdu_shared.versions import Seen, Version, etag, seen

__all__ = ["Seen", "Version", "etag", "seen"]
