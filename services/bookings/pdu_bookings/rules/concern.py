"""Concerns about a session: how long what was said about them is kept."""

from datetime import timedelta

KEPT_FOR = timedelta(days=3 * 365)
"""How long after it was closed a concern can still be asked about; then its words are deleted."""
