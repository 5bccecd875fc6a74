"""The programme: learning events and their sessions, from a draft to what everybody sees."""
