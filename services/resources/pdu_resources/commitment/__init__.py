"""What organisations promise for a year, and what they kept of it."""
