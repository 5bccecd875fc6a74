"""What a place costs: nothing, unless somebody says so."""
