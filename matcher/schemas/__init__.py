"""The doors' shapes, shared by form, JSON and spreadsheet: input becomes a command value.

Belongs here: types, ranges, required or not. Never: a query; whether it is true is the service's question.
"""
