"""The files of the library: brought in, checked, kept beside the database, and given out."""
