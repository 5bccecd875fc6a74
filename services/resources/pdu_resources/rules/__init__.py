"""What resources decides, without touching a database."""
