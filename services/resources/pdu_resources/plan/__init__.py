"""Plans of work streams and programmes of change."""
