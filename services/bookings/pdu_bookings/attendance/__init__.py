"""Attendance: who came to a session, and that it was held."""
