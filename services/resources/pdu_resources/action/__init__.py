"""What somebody is to do by a day: set at a meeting, for an objective, in a working group."""
