"""What came of learning events, told to managers as their staff agreed, and to who decides."""
