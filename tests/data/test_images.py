"""Folders of images as people have them: what Pillow gives of each file, and which files are read.

Most of these troubles were reported of other tools; each test has the pixels that are right.
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from aeviz import AevizError, load_dataset, open_stream
from tests.data._image_folders import chunk, pixels, read
from tests.data._stream_files import random_pixels, save_image

DEEP = np.random.default_rng(1).integers(0, 65_536, (12, 4, 5), dtype=np.uint16)


def refused(folder, *words, **options):
    with pytest.raises(AevizError) as caught:
        read(folder, **options)
    assert "\n" not in str(caught.value)
    for word in words:
        assert word in str(caught.value)


def save_oriented(path, upright, orientation, **options):
    """Write an image as a camera does that was turned: pixels as taken, and how to turn them."""
    stored = next(
        image
        for way in [None, *Image.Transpose]
        if np.array_equal(
            np.asarray(turned(image := as_stored(upright, way), orientation)), upright
        )
    )
    exif = Image.Exif()
    exif[0x0112] = orientation
    path.parent.mkdir(exist_ok=True, parents=True)
    stored.save(path, exif=exif, **options)


def as_stored(upright, way):
    image = Image.fromarray(upright)
    return image if way is None else image.transpose(way)


def turned(image, orientation):
    image.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(image)


def png_of_16_bits(colour_type, values, *chunks):
    """Return a PNG of one row that Pillow can read and cannot write."""
    n_channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour_type]
    head = struct.pack(">IIBBBBB", len(values) // n_channels, 1, 16, colour_type, 0, 0, 0)
    row = zlib.compress(b"\0" + struct.pack(f">{len(values)}H", *values))
    parts = chunk(b"IHDR", head) + b"".join(chunks) + chunk(b"IDAT", row) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


# -- turned by EXIF ----------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["png", "tif", "webp"])
def test_photographs_are_turned_upright_as_exif_says(tmp_path, suffix, orientation):
    """They were read as stored, and squashed into the shape of the first."""
    upright = random_pixels(5, 7, 3)
    save_image(tmp_path / "0.png", upright)
    options = {"lossless": True, "exact": True} if suffix == "webp" else {}
    save_oriented(tmp_path / f"1.{suffix}", upright, orientation, **options)
    save_oriented(tmp_path / "big" / f"2.{suffix}", upright, orientation, **options)
    dataset = read(tmp_path)
    assert dataset.image_shape == (5, 7, 3)
    np.testing.assert_array_equal(dataset.X.reshape(3, 5, 7, 3), np.stack([upright] * 3))
    assert not [note for note in dataset.notes if "size" in note]


def test_the_first_image_gives_its_upright_shape_and_resizing_turns_too(tmp_path):
    upright = np.repeat(np.repeat(random_pixels(5, 7), 40, axis=0), 40, axis=1)  # 200 × 280
    save_oriented(tmp_path / "0.jpg", upright, 6, quality=95)
    save_image(tmp_path / "1.jpg", upright, quality=95)
    dataset = read(tmp_path)
    assert dataset.image_shape == (46, 64, 1)
    assert "The first image has 200 × 280 pixels" in dataset.notes[0]
    np.testing.assert_allclose(dataset.X[0].astype(int), dataset.X[1].astype(int), atol=6)


def test_other_proportions_are_stretched_and_it_is_said(tmp_path):
    for name, shape in (("a", (20, 30)), ("b", (40, 60)), ("c", (30, 20))):
        save_image(tmp_path / f"{name}.png", random_pixels(*shape))
    assert read(tmp_path).notes == (
        "2 of 3 images had another size and were resized to 20 × 30 pixels (height × width).",
        "1 of 3 images had other proportions and was stretched to these.",
    )


def test_an_orientation_that_only_xmp_gives(tmp_path):
    upright = random_pixels(5, 7, 3)
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6"/></x:xmpmeta>'
    stored = Image.fromarray(upright).rotate(90, expand=True)
    stored.save(tmp_path / "a.webp", lossless=True, xmp=xmp)
    np.testing.assert_array_equal(pixels(tmp_path, "a.webp"), upright)


@pytest.mark.filterwarnings("error")
def test_damaged_exif_says_nothing_and_stops_nothing(tmp_path):
    upright = random_pixels(5, 7)
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff\x12\x01\x03\x00"
    Image.fromarray(upright).save(tmp_path / "0.png", exif=exif)
    np.testing.assert_array_equal(pixels(tmp_path, "0.png"), upright)


# -- transparency, palettes, kinds of colour ---------------------------------------------


def test_transparency_is_laid_over_white_in_grey_and_in_colours(tmp_path):
    """Icons that stand in their transparency alone were all black, and thus identical."""
    alpha = np.array([[0, 255, 51]], dtype=np.uint8)
    grey = np.array([[255, 0, 204]])  # of black: 255 - alpha
    black = np.zeros((1, 3), dtype=np.uint8)
    for mode, n in (("LA", 1), ("RGBA", 3)):
        image = Image.fromarray(np.stack([black] * n + [alpha], axis=-1), mode)
        image.save(tmp_path / f"{mode}.png")
    palette = Image.new("P", (3, 1), 0)
    palette.putpalette([0, 0, 0] * 3)
    palette.putdata([0, 1, 2])
    palette.save(tmp_path / "P.png", transparency=bytes(alpha.ravel()))
    Image.fromarray(np.array([[7, 0, 204]], dtype=np.uint8)).save(
        tmp_path / "L.png", transparency=7
    )
    assert "4 of 4 images may be transparent and were laid over white." in read(tmp_path).notes
    for name in ("LA", "RGBA", "P", "L"):
        np.testing.assert_array_equal(pixels(tmp_path, f"{name}.png", channels=1), grey[0])
        colors = pixels(tmp_path, f"{name}.png", channels=3)
        np.testing.assert_array_equal(colors, np.stack([grey[0]] * 3, axis=-1))


def test_premultiplied_transparency(tmp_path):
    """A TIFF of associated alpha: its colours are divided by it before they are laid over white."""
    image = Image.fromarray(np.array([[[255, 0, 0, 128]]], dtype=np.uint8)).convert("RGBa")
    assert image.tobytes() == b"\x80\x00\x00\x80"
    image.convert("RGBA").save(tmp_path / "a.tif")
    data = (tmp_path / "a.tif").read_bytes()
    extra = struct.pack("<HHI", 338, 3, 1)
    assert data.count(extra) == 1  # ExtraSamples: one, of kind 2 (unassociated)
    place = data.index(extra) + len(extra)
    data = data[:place] + struct.pack("<H", 1) + data[place + 2 :]
    (tmp_path / "a.tif").write_bytes(data.replace(b"\xff\x00\x00\x80", b"\x80\x00\x00\x80"))
    np.testing.assert_array_equal(pixels(tmp_path, "a.tif"), [255, 127, 127])


def test_kinds_of_colour(tmp_path):
    """One bit, inverted grey, CMYK and LAB, whose white is white and black is black."""
    white_to_black = np.array([[255, 0]], dtype=np.uint8)
    Image.fromarray(white_to_black).convert("1").save(tmp_path / "1bit.png")
    Image.fromarray(white_to_black).convert("1").save(tmp_path / "1bit.tif", tiffinfo={262: 0})
    Image.fromarray(white_to_black).save(tmp_path / "inverted.tif", tiffinfo={262: 0})
    Image.fromarray(white_to_black).convert("CMYK").save(tmp_path / "cmyk.tif")
    Image.fromarray(np.array([[[255, 0, 0], [0, 0, 0]]], dtype=np.uint8), "LAB").save(
        tmp_path / "lab.tif"
    )
    dataset = read(tmp_path, channels=1)
    np.testing.assert_array_equal(dataset.X, [[255, 0]] * 5)


def test_a_photograph_in_cmyk_as_photoshop_writes_it(tmp_path):
    """Such a JPEG holds inverted inks."""
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=100)
    np.testing.assert_allclose(pixels(tmp_path, "a.jpg")[0, 0], [255, 0, 0], atol=3)


# -- more than eight bits ----------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["png", "tif", "pgm"])
def test_sixteen_bits_of_grey_are_kept(tmp_path, suffix):
    """They were refused."""
    for row, image in enumerate(DEEP):
        save_image(tmp_path / f"{row:02}.{suffix}", image)
    dataset = load_dataset(tmp_path)
    assert dataset.X.dtype == np.uint16
    assert dataset.image_shape == (4, 5, 1)
    assert dataset.notes == ()
    np.testing.assert_array_equal(dataset.X, DEEP.reshape(12, 20))
    with open_stream(tmp_path) as stream:
        np.testing.assert_array_equal(stream.read(slice(None)), DEEP.reshape(12, 20))


def test_sixteen_bits_are_kept_when_resized_and_with_three_channels(tmp_path):
    save_image(tmp_path / "a.png", np.repeat(np.repeat(DEEP[0], 2, axis=0), 2, axis=1))
    save_image(tmp_path / "b.png", np.full((6, 3), 40_001, dtype=np.uint16))
    small = pixels(tmp_path, "b.png", image_size=(2, 5))
    np.testing.assert_array_equal(small, np.full((2, 5), 40_001))
    colors = pixels(tmp_path, "a.png", channels=3)
    np.testing.assert_array_equal(colors[::2, ::2], np.stack([DEEP[0]] * 3, axis=-1))


def test_big_endian_inverted_and_transparent_pixels_of_sixteen_bits(tmp_path):
    image = Image.fromarray(DEEP[0])
    image.save(tmp_path / "a.tif")
    image.save(tmp_path / "b.tif", tiffinfo={262: 0})  # white is zero: Pillow leaves it as it is
    big = (tmp_path / "a.tif").read_bytes()
    assert big[:2] == b"II"
    Image.frombytes("I;16B", (5, 4), DEEP[0].astype(">u2").tobytes()).save(tmp_path / "c.tif")
    assert (tmp_path / "c.tif").read_bytes()[:2] == b"MM"
    for name, right in (("a", DEEP[0]), ("b", 65_535 - DEEP[0]), ("c", DEEP[0])):
        np.testing.assert_array_equal(pixels(tmp_path, f"{name}.tif"), right)
    keyed = png_of_16_bits(0, [300, 7, 65_000], chunk(b"tRNS", struct.pack(">H", 300)))
    folder = tmp_path / "keyed"
    folder.mkdir()
    (folder / "a.png").write_bytes(keyed)
    np.testing.assert_array_equal(pixels(folder, "a.png"), [65_535, 7, 65_000])


@pytest.mark.parametrize(
    ("dtype", "values"),
    [
        (np.int32, [-5, 0, 70_000, 2**31 - 1]),
        (np.uint32, [0, 1, 2**31, 2**32 - 1]),
        (np.float32, [-0.5, 0, 1e-3, 3e4]),
    ],
)
def test_deep_tiffs_keep_their_type(tmp_path, dtype, values):
    stored = np.array([values], dtype)
    path = save_image(tmp_path / "a.tif", stored.view(np.int32) if dtype == np.uint32 else stored)
    if dtype == np.uint32:  # Pillow reads such files, and writes them as signed only
        signed, unsigned = (struct.pack("<HHIH", 339, 3, 1, kind) for kind in (2, 1))
        assert path.read_bytes().count(signed) == 1
        path.write_bytes(path.read_bytes().replace(signed, unsigned))
    X = read(tmp_path).X
    assert X.dtype == dtype
    np.testing.assert_array_equal(X, stored)


def test_eight_and_sixteen_bits_in_one_folder_share_their_white_and_it_is_said(tmp_path):
    save_image(tmp_path / "0.png", np.array([[0, 128, 255]], dtype=np.uint8))
    save_image(tmp_path / "1.png", np.array([[0, 300, 65_535]], dtype=np.uint16))
    dataset = read(tmp_path)
    np.testing.assert_array_equal(dataset.X, [[0, 128 * 257, 65_535], [0, 300, 65_535]])
    (note,) = dataset.notes
    assert note.startswith("1 of 2 images had 8 bits per pixel and was brought to 16: 255 became")
    save_image(tmp_path / "2.tif", np.array([[0.5, 1, 2]], dtype=np.float32))
    refused(tmp_path, "mixes pixels of uint8 in 1 image and uint16 in 1 image and float32 in 1")


def test_colours_of_sixteen_bits_are_cut_and_it_is_said(tmp_path):
    (tmp_path / "a.png").write_bytes(png_of_16_bits(2, [0x1234, 0x80FF, 0xFFFF]))
    (tmp_path / "b.ppm").write_bytes(b"P6 1 1 65535\n\x12\x34\x80\xff\xff\xff")
    dataset = read(tmp_path)
    np.testing.assert_array_equal(dataset.X, [[0x12, 0x80, 0xFF]] * 2)
    assert dataset.notes == (
        "2 of 2 images had 16 bits per channel, of which the upper 8 were read.",
    )
    folder = tmp_path / "grey"
    folder.mkdir()
    (folder / "a.png").write_bytes(png_of_16_bits(4, [0x1234, 0xFFFF, 0, 0]))
    assert read(folder).image_shape == (1, 2, 1)  # grey with transparency is grey
    np.testing.assert_array_equal(pixels(folder, "a.png"), [0x12, 255])


def test_images_for_a_model_get_the_bits_of_its_own(tmp_path):
    deep, flat = tmp_path / "deep", tmp_path / "flat"
    save_image(deep / "a.png", np.array([[0, 32_896, 65_535]], dtype=np.uint16))
    save_image(flat / "a.png", np.array([[0, 128, 255]], dtype=np.uint8))
    like = {"image_shape": (1, 3, 1), "is_to_fit": False}
    for folder in (deep, flat):
        np.testing.assert_array_equal(read(folder, pixel_type="uint8", **like).X, [[0, 128, 255]])
        X = read(folder, pixel_type="uint16", **like).X
        np.testing.assert_array_equal(X, [[0, 32_896, 65_535]])
    words = "pixels of uint8 in 1 image; accepted: the float64 of the images that the model was"
    refused(flat, words, pixel_type="float64", **like)
    assert read(flat, pixel_type="int64", **like).X.dtype == np.uint8
