"""Evidence lower bound: a variational model's bound of the log-likelihood, in nats per sample.

Notes
-----
With q(z | x_i) the encoder's posterior, p(x | z) the decoder's and p(z) a standard normal
distribution,

    ELBO = mean over i of  E[log p(x_i | z)] - KL(q(z | x_i) | p(z)),

E being taken by one draw from q; log p is summed over features. β does not enter. The
Gaussian loss leaves out the constant n_features/2 · log 2π.

References
----------
.. [1] Kingma, D. P., Welling, M. (2014). Auto-encoding variational Bayes. ICLR.
   arXiv:1312.6114
"""

import math

from aeviz.evaluation import Metric

__all__ = ["ELBO"]

ELBO = Metric(
    name="elbo",
    title="ELBO",
    question="What bound of a sample's log-likelihood does a variational model give, in nats?",
    bounds=(-math.inf, math.inf),
    blind_spot="Compare it between models of one data set, one scaling and one reconstruction loss "
    "only. A tight bound says nothing of what the code is good for: a model whose decoder ignores "
    "the code can have one. Its one draw per sample differs a little between measurements.",
    reference="Kingma and Welling (2014), arXiv:1312.6114",
    subject="variational",
    scope="code",
    band=None,
    contributions=lambda found: found.required("sample_bounds")[:, None],
    position=3,
)
