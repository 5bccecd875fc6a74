"""A year in the life of a Practice Development Unit, told over HTTP as its people would."""
