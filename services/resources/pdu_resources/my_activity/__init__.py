"""What somebody did here and in bookings, for themselves: one view, and a record to take away."""
