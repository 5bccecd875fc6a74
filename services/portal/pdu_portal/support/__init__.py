"""What experts by experience and their ambassadors see and do: seen by them alone."""
