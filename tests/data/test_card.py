"""Test that features of new samples are matched with those that something was fitted to."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.core.exceptions import AevizError
from aeviz.data.card import DataCard, in_feature_order
from aeviz.data.dataset import Dataset

CARD = DataCard("old", "old.csv", 3, 3, 3, "", "standard", feature_names=["a", "b", "c"])


def table_of(names, name="new"):
    X = np.arange(3.0 * len(names)).reshape(3, -1)
    return Dataset(name=name, X=X, feature_names=tuple(names))


def test_columns_are_found_by_name():
    found = in_feature_order(table_of(["c", "a", "extra", "b"]), CARD)
    assert found.feature_names == ("a", "b", "c")
    np.testing.assert_array_equal(found.X[0], [1, 3, 0])


def test_missing_columns_are_named():
    with pytest.raises(AevizError, match=r"new lacks the columns 'b' of old; it has 2 columns"):
        in_feature_order(table_of(["a", "c"]), CARD)


def test_without_names_only_their_number_is_compared():
    unnamed = Dataset(name="new", X=np.zeros((2, 4)))
    with pytest.raises(AevizError, match=r"new has 4 features; expected the 3 of old"):
        in_feature_order(unnamed, CARD)


def test_images_of_another_shape_are_refused():
    card = DataCard("old", "old.npz", 3, 4, 3, "", "images", image_shape=(2, 2, 1))
    images = Dataset(name="new", X=np.zeros((2, 4)), image_shape=(1, 4, 1))
    with pytest.raises(AevizError, match=r"images of 1×4×1; expected the 2×2×1 of old"):
        in_feature_order(images, card)


def test_where_features_were_kept_all_of_the_source_are_wanted():
    kept = {"kept": [0, 2], "n_source_features": 3, "source_names": ["a", "b", "c"]}
    card = DataCard("old", "old.csv", 3, 2, 3, "", "standard", feature_names=["a", "c"], **kept)
    found = in_feature_order(table_of(["c", "a", "b"]), card)
    assert found.feature_names == ("a", "b", "c")
    assert card.reduced(found).feature_names == ("a", "c")
    np.testing.assert_array_equal(card.reduced(found).X[0], [1, 0])
    with pytest.raises(AevizError, match=r"new lacks the columns 'b' of old"):
        in_feature_order(table_of(["a", "c"]), card)


def test_cards_of_former_versions_are_read():
    former = {"name": "old", "source": "o.npz", "n_samples": 3, "n_features": 2, "n_train": 2}
    card = DataCard.from_json({**former, "fingerprint": "", "scaling": "unit"})
    assert (card.scaling, card.n_wanted) == ("range", 2)
    assert card.scaling_words == "all features in one range, [0, 1]"
