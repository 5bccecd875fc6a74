"""What members do in the hub."""
