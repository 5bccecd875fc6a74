"""What figures count, one module for each kind of fact."""
