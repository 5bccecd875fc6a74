"""The portal: web pages over the public interfaces of the four services, with no private door."""
