"""What the data protection lead sees and does: requests, holds, what was deleted, who read what."""
