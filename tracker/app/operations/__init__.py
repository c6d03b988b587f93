"""What pages and API ask of the store, the plan and the sensors, one subject a file."""
