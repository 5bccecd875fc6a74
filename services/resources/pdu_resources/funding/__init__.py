"""Who paid for the unit and when, and what is handed over when that ends."""
