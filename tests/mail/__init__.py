"""Mails: the words, the built message, the invitation, and both ways out."""
