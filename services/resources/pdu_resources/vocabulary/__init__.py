"""The lists that everybody uses."""
