"""Who gets which list, since when, and on what basis."""
