"""The figures: for the team as counted, for everybody else as published."""
