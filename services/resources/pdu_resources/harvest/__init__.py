"""The library for other libraries: Dublin Core over OAI-PMH, as JSON, and as a feed."""
