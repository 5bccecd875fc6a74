"""What changed: written down in a minute, verified, coded, and published with consent."""
