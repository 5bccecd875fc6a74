"""What figures say and do not say, without touching a database."""
