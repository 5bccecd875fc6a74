"""What members bring for the library, and what coordinators make of it."""
