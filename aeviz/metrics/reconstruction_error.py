"""Mean squared error per feature between a sample and its reconstruction.

Notes
-----
With x_i a sample of p features and r_i its reconstruction,

    error = mean over i of  (1/p) Σ over features of (x_i - r_i)².

References
----------
.. [1] Hinton, G. E., Salakhutdinov, R. R. (2006). Reducing the dimensionality of data with
   neural networks. Science 313. doi:10.1126/science.1127647
"""

import math

from aeviz.evaluation import Metric

__all__ = ["RECONSTRUCTION_ERROR"]

RECONSTRUCTION_ERROR = Metric(
    name="reconstruction_error",
    title="Reconstruction error",
    question="What is the mean squared error per feature of the decoder's reconstructions?",
    bounds=(0.0, math.inf),
    higher_is_better=False,
    blind_spot="It is in squared units of the scaled data, so it says nothing across data sets. "
    "For standardised data 1 is what the mean of every feature would reach. A variational model "
    "is trained for more than this and scores worse at the same code size.",
    reference="Hinton and Salakhutdinov (2006), doi:10.1126/science.1127647",
    subject="reconstruction",
    scope="code",
    band=0.02,
    is_band_relative=True,
    contributions=lambda found: found.required("sample_errors")[:, None],
    position=1,
)
