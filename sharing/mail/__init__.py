"""Mail, as every app sends it: addresses as people type them, composed messages, and rows that are mailed when due."""
