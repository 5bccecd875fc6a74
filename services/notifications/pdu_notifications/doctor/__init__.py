"""Looks at how letters leave, and says in words what is wrong."""
