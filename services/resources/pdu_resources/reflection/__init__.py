"""What members write for themselves."""
