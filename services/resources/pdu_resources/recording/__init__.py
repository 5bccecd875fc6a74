"""Recordings: listed for all, played by members, and not without the consent of who speaks."""
