"""Routing decides where a caller goes, and who takes the next call: values in, values out."""
