"""What every service of the platform stands on."""

VERSION = "0.1.0"
