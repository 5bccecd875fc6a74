"""Places: who asks, who holds one, who waits, who gives theirs back."""
