"""People's rights over what is kept about them."""
