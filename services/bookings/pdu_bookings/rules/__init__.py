"""The policies of bookings, as pure functions."""
