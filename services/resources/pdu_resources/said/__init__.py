"""You said, we did: one thread from what people said to that they hear what came of it."""
