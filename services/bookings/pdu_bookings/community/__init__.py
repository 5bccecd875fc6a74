"""Communities of Practice: groups that go on, their members, convenors and sessions."""
