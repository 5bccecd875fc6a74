"""What bookings tells: what is coming, who speaks, and what people ask to learn about."""
