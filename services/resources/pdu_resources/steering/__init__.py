"""The steering group: who sits in it, its meetings, and whether its seats are balanced."""
