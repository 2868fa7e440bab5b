"""Test how arrays are packed for the page, by unpacking them as the page does."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.page.blobs import DTYPES, Blobs
from tests.report._unpacking import unpacked


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(5,), (4, 3), (0,), (2, 0), ()])
def test_arrays_come_back(dtype, shape):
    values = (np.random.default_rng(0).random(shape) * 250).astype(dtype)
    blobs = Blobs()
    ref = blobs.array(values)
    assert_array_equal(unpacked(blobs, ref), values)
    assert ref == {"blob": 0, "dtype": dtype, "shape": list(shape)}


def test_order_of_bytes_and_memory_does_not_matter():
    values = np.arange(12, dtype=np.uint16).reshape(3, 4)
    for same in (values.astype(">u2"), np.asfortranarray(values), values[::-1][::-1]):
        blobs = Blobs()
        assert_array_equal(unpacked(blobs, blobs.array(same)), values)


def test_planes_are_bytes_of_one_significance():
    blobs = Blobs()
    blobs.array(np.array([0x0201, 0x0403], np.uint16))
    assert zlib.decompress(base64.b64decode(blobs.texts[0])) == bytes([1, 3, 2, 4])


def test_values_come_back_and_their_text_ends_no_element():
    value = ["</script><!--", '"', "\u202e", "\u2028", "", "\ud800", {"a": None}]
    blobs = Blobs()
    assert unpacked(blobs, blobs.json(value)) == value
    assert not set(blobs.texts[0]) & set("<>&\"'")


def test_blobs_are_numbered_and_their_size_told():
    blobs = Blobs()
    refs = [blobs.array(np.zeros(3, np.uint8)), blobs.json([]), blobs.array(np.ones(3, np.uint8))]
    assert [ref["blob"] for ref in refs] == [0, 1, 2]
    assert blobs.size_bytes == sum(len(text) for text in blobs.texts) > 0


@pytest.mark.parametrize("dtype", ["int64", "float16", "bool", "object", "<U3"])
def test_other_types_are_refused(dtype):
    with pytest.raises(TypeError, match=r"values must be one of uint8, .*, got "):
        Blobs().array(np.zeros(2, dtype))


@pytest.mark.parametrize("value", [np.nan, np.inf, [1.0, -np.inf]])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(ValueError, match="Out of range float values"):
        Blobs().json(value)
