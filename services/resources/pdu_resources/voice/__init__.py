"""What people wrote in answers: read by a code book, and quoted by role where they agreed."""
