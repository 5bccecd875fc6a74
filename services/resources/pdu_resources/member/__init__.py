"""Who has an account of the hub."""
