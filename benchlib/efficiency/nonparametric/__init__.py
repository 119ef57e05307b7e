"""Frontiers without a functional form: convex (`dea`), free disposal (`fdh`), and partial frontiers."""
