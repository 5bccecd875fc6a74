"""What is edited over time: nobody overwrites what they have not seen, and what was is kept."""
