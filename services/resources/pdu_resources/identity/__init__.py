"""Who may do what: signing in, tokens, roles, and the front ends that ask for them."""
