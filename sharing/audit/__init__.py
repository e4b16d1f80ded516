"""The audit room: `record()` writes, nobody alters."""
