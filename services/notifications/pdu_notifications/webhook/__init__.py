"""Webhooks: other tools are told of events, resources and communities as they are announced."""
