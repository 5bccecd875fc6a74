"""What managers and those who lead an organisation do for their people."""
