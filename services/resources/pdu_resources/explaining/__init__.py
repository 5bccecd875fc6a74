"""What explains figures: what happened in their time, and what counts under another word."""
