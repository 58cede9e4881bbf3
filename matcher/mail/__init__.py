"""Mails as values, and the ways they leave the house.

Here: one function for each mail (`messages`), the invitation (`ics`), the built message (`wire`) and the two
deliveries (`delivery`). Never here: rows and states (that is `services.outbox`), or when to send.
"""
