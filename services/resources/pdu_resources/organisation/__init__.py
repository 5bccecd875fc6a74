"""Organisations under one name, so that counts by organisation are right."""
