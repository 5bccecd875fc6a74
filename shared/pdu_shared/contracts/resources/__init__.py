"""What resources tells, one module for each of its rooms."""
