"""The kernel on which every service of the platform stands."""
