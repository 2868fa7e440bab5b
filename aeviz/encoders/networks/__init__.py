"""Parts that networks are made of: layers, architectures, losses, and how they are applied.

Only Keras and the sizes of the data are known here, no estimators and no training.
"""
