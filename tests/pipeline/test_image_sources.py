"""Test that a folder of images is read as the images of a model were."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data.card import DataCard
from aeviz.data.prepared import data_card, prepare
from aeviz.pipeline.sources import load
from aeviz.settings import Settings
from tests.data._stream_files import random_pixels, save_image


@pytest.fixture(name="card")
def _card(tmp_path):
    """Give the card of a folder of images of sixteen bits."""
    for number in range(12):
        image = random_pixels(4, 5, seed=number).astype(np.uint16) * 257
        save_image(tmp_path / "deep" / f"{number}.png", image)
    card = data_card(prepare(load_dataset(tmp_path / "deep"), seed=0), source="deep")
    assert card.pixel_type == "uint16"
    return card


def test_images_of_eight_bits_for_a_model_of_sixteen(card, tmp_path):
    """They were nearly black, and nothing was said."""
    save_image(tmp_path / "flat" / "a.png", random_pixels(4, 5, seed=3))
    dataset = load(Settings(source=str(tmp_path / "flat")), like=card)
    right = random_pixels(4, 5, seed=3).astype(np.uint16) * 257
    np.testing.assert_array_equal(dataset.X, right.reshape(1, 20))
    words = (
        "1 of 1 image had 8 bits per pixel and was brought to 16: 255 became 65,535 (times 257)."
    )
    assert dataset.notes == (words,)


def test_other_types_of_pixels_are_refused_and_older_models_have_none(card, tmp_path):
    values = np.linspace(0, 1, 20, dtype=np.float32).reshape(4, 5)
    save_image(tmp_path / "float" / "a.tif", values)
    settings = Settings(source=str(tmp_path / "float"))
    with pytest.raises(AevizError, match=r"float32 in 1 image; accepted: the uint16 of the images"):
        load(settings, like=card)
    old = DataCard.from_json({**vars(card), "pixel_type": None})
    assert load(settings, like=old).X.dtype == np.float32
