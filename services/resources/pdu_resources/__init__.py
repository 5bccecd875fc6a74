"""Members, their words and lists, and what helps people learn."""
