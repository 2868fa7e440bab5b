"""Write what a run made for other programs; one format a file."""
