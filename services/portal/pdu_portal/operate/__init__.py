"""What operators see and do: how the services are, what waits, and what was set aside."""
