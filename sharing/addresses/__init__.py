"""What links and requests have in common: an address that opens for whoever has it, and what guards it."""
