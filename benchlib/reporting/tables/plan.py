"""Tables of improvement plans and the data chapter of social-service plans."""
