"""What comes back about letters: bounces, complaints, and word that they arrived."""
