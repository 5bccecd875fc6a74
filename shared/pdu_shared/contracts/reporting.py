"""What reporting tells: nothing so far. It derives figures, it never writes a fact."""
