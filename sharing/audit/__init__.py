"""The audit trail: `record()` appends to it, nothing changes it."""
