"""Content of a page and the page itself; knows no run."""
