"""Crossbay: the customer side of a multi-shop auto-repair organization.

Arrows go one way: functions -> entry, app -> domain and matching (pure), store, aws.
"""
