"""Notifications: the letters people receive, and when."""
