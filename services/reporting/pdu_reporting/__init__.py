"""The reporting service: the journal of all messages, and the figures made from it."""
