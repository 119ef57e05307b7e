"""Municipalities that meet: who is in the room, side by side, what differs, what residents say."""
