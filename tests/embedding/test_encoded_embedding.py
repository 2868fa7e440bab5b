import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aeviz import AevizError, EncodedEmbedding
from aeviz.embedding.pca import PCAEmbedding
from aeviz.embedding.tsne import TSNE


def test_embeds_the_codes_of_the_encoder(digits):
    chain = EncodedEmbedding(PCA(8), TSNE(n_iter=10), random_state=3).fit(digits.X)
    code = PCA(8, random_state=3).fit_transform(digits.X)
    alone = TSNE(n_iter=10, random_state=3).fit(chain.code_)
    np.testing.assert_allclose(chain.code_, code, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(chain.embedding_, alone.embedding_)
    np.testing.assert_array_equal(
        chain.transform(digits.X_new),
        alone.transform(chain.encoder_.transform(digits.X_new)),
    )


def test_takes_members_by_name(digits):
    chain = EncodedEmbedding("pca", "pca", random_state=0).fit(digits.X)
    assert type(chain.encoder_).__name__ == "PCAEncoder"
    assert isinstance(chain.embedding_model_, PCAEmbedding)
    assert chain.encoder_.random_state == chain.embedding_model_.random_state == 0
    assert chain.transform(digits.X_new).shape == (200, 2)


def test_float64_stays_float64_through_an_encoder_of_float32(digits):
    chain = EncodedEmbedding("pca", "pca").fit(digits.X.astype(np.float64))
    assert chain.embedding_.dtype == np.float64
    assert chain.transform(digits.X_new.astype(np.float64)).dtype == np.float64


def test_given_instances_stay_unfitted(digits):
    encoder, embedding = PCA(4), PCAEmbedding()
    EncodedEmbedding(encoder, embedding).fit(digits.X)
    assert not hasattr(encoder, "components_")
    assert not hasattr(embedding, "embedding_")


def test_no_seed_leaves_the_seeds_of_instances(digits):
    chain = EncodedEmbedding(PCA(4, random_state=7), PCAEmbedding(random_state=8)).fit(digits.X)
    assert chain.encoder_.random_state == 7
    assert chain.embedding_model_.random_state == 8


def test_a_generator_gives_each_a_number_of_its_own(digits):
    def seeds() -> tuple[int, int]:
        chain = EncodedEmbedding(PCA(4), PCAEmbedding(), random_state=np.random.RandomState(5)).fit(
            digits.X
        )
        return chain.encoder_.random_state, chain.embedding_model_.random_state

    first = seeds()
    assert first[0] != first[1]
    assert seeds() == first


def test_nested_parameters_are_set_by_name():
    chain = EncodedEmbedding(PCA(4), PCAEmbedding()).set_params(embedding__n_components=1)
    assert clone(chain).get_params()["embedding__n_components"] == 1


def test_stands_in_a_pipeline(digits):
    pipeline = make_pipeline(StandardScaler(), EncodedEmbedding(PCA(4), "pca"))
    assert pipeline.fit_transform(digits.X).shape == (600, 2)
    assert list(pipeline.get_feature_names_out()) == ["encodedembedding0", "encodedembedding1"]


def test_unknown_names_are_refused_with_the_known_ones(digits):
    with pytest.raises(AevizError, match=r"embedding must be one of .*tsne.*; got 'tnse'"):
        EncodedEmbedding("pca", "tnse").fit(digits.X)


@pytest.mark.parametrize("wrong", [3, PCA, object()])
def test_what_is_no_transformer_is_refused(wrong, digits):
    with pytest.raises(TypeError, match=r"encoder must be one of .* or a transformer instance"):
        EncodedEmbedding(wrong, "pca").fit(digits.X)
