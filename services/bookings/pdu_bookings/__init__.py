"""Learning events, who has a place at them, and who came."""
