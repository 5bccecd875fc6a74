"""Calendars: files and feeds for people's diaries, and what search engines read."""
