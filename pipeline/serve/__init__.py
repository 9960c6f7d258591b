"""The database in the browser, on Datasette."""
