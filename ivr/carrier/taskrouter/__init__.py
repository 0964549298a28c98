"""A small TaskRouter: tasks that wait for workers, in memory and on the exchange's clock."""
