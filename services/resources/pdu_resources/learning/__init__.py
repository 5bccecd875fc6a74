"""E-learning: modules, how far somebody is with them, and what they have learned."""
