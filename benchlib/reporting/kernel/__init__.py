"""Warm kernels: a process imports the scientific packages once, and every kernel is a fork of it.

`parent` starts and ends that process, `forking` is what runs in it, `child` is what a fork does before it is a kernel, and
`provisioner` is how jupyter_client, and so papermill, comes to it. `environment` says what all kernels of reports have in common,
`memory` limits them and `usage` measures them, forked or not.
"""
