"""The TaskRouter distributor against the simulated TaskRouter."""
