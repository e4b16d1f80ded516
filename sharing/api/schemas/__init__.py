"""Requests and responses of the API. Bounds here refuse the absurd; the rules themselves are in the models.

These are pydantic's models, not ninja's: those read each attribute in Python, which takes twice as long.
"""
