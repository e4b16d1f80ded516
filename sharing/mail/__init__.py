"""Mail for all apps: typed addresses, composed messages, and rows that are mailed when due."""
