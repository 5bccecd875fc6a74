"""The annual report: what is in it, how it is gathered, and how it is set."""
