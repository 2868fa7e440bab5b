"""Turn a finished run into one self-contained HTML page; train and fit nothing."""
