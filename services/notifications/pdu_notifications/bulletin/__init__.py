"""The bulletin: collected from what others tell, written, approved, sent to many, kept to read."""
