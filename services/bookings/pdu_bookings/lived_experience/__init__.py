"""Lived experience: who contributes, prepared and supported as they choose."""
