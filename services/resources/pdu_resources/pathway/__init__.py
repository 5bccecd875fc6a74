"""Pathways through the hub, how far somebody is on them, and badges."""
