"""Addresses of links and requests: each opens for whoever has it, and has a slug, a password and an expiry."""
