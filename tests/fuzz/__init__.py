"""Hostile input: what readers may do with bytes that anybody wrote."""
