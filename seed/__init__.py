"""Repeatable demo data, brought in through `matcher.services`, the doors people use.

Here belong invented organisations and their stories.
Never: tables and SQL, rules of matching, data of real people.
"""
