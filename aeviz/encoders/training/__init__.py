"""Training of networks at the speed of the machine, for data of any size.

`engine.train` is the one way in. Behind it stand two interchangeable loops, `graph_loop`
(TensorFlow: every batch of an epoch in one graph call, compiled by XLA) and the engine's own (any
backend, through ``keras.Model.fit``), and `feeds`, which hands both of them the samples.

Why not ``keras.Model.fit`` alone: on two cores it spends more than half of a small network's
epoch between the batches, in Python, in the input pipeline and in dispatching single operations;
``scripts/bench_training.py`` measures both.
"""
