"""The page in the browser and the JSON API: a view of the session pipeline and the store."""
