"""Many reports, unattended: plan the runs, skip what is unchanged, share out the work, write each report whole or not at all.

A `Task` is a checked run. Workers (processes here, or a Dask cluster) turn a task into an `Outcome`, the bytes of its files, and touch
nothing else; the calling process alone writes into the output folder.
"""
