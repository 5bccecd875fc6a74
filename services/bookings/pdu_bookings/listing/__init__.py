"""The coordinator's tools: find, filter and export events, bookings and registers."""
