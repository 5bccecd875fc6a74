"""Working groups: people from outside the unit who take a theme into their hands."""
