"""Outcomes mapped and measured: partners, markers, influence, indicators, pledges."""
