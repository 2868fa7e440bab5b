"""Train networks and apply them at the speed of the machine, for data of any size.

The room has one way in for each job: `training.train` and `applying.compiled`. Behind
`train` stand two interchangeable loops, `_graph_loop` (TensorFlow: every batch of an
epoch in one graph call, compiled by XLA) and `_keras_loop` (any backend, through
``keras.Model.fit``), and `feeding`, which hands both of them the samples: all at once
where they fit the memory budget, else window by window through a shuffle buffer that
a thread fills ahead. Nothing here knows what an encoder is, or scikit-learn.

Why not ``keras.Model.fit`` alone: on two cores it spends more than half of a small
network's epoch between the batches, in Python, in the input pipeline and in
dispatching single operations; ``scripts/bench_training.py`` measures both.
"""
