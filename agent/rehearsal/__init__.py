"""Personas played by text on this machine: no room, no voice, no server.

For scenario authors, tests and tuning. The persona is the same as in a room: same appraisal, same
state, same facts; only hearing and speaking are left out.
"""
