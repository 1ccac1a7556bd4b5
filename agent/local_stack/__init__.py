"""Everything on one machine: `make run`, `make demo`, `make doctor`.

What belongs here is what only exists because several programs are started together: their ports,
their shared keys, who must be ready before whom, and that none of them outlives the rest. A new
program is one more `Part` in `parts.py`.
"""
