"""What bookings tells, one module for each of its rooms."""
