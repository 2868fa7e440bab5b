"""Compare encoders × embeddings × seeds on data sets, PCA and the raw data always among them."""
