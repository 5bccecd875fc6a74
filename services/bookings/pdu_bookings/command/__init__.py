"""Commands that front ends without HTTP send over the bus."""
