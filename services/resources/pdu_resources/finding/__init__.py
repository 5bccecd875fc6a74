"""How people find what they look for, whatever it is called today."""
