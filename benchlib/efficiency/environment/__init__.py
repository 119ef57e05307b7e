"""What context has to do with efficiency: the second stage and the test of separability."""
