"""Draw figures: data and an axes in, the axes out; nothing is computed or saved here."""
