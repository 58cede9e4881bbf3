"""The commands of `matcher`: read the settings, load, call a service, say what happened.

Never: a rule of matching, a query of their own, an import from `web.cli`.
"""
