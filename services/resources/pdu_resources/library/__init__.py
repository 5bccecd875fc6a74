"""What there is to read, to look at and to use."""
