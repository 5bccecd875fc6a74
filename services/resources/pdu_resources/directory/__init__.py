"""Who does what: the services of local organisations, kept by the organisations themselves."""
