"""Records of the past, taken as they were written down."""
