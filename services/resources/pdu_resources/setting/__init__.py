"""What one city has otherwise than another."""
