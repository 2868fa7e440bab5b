"""Folders of images as people have them: what Pillow gives of each file, and which files are read.

Most of these troubles were reported of other tools; each test has the pixels that are right.
"""

from __future__ import annotations

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from aeviz import AevizError, load_dataset, open_stream
from aeviz.core.memory import memory_limit
from aeviz.data.formats.base import ReadOptions
from aeviz.data.formats.images import ImageReader
from tests.data._stream_files import random_pixels, save_image

DEEP = np.random.default_rng(1).integers(0, 65_536, (12, 4, 5), dtype=np.uint16)


def read(folder, **options):
    """Return the images of a folder as they are, however few."""
    return ImageReader(folder, ReadOptions.of(**options)).dataset()


def pixels(folder, name, **options):
    """Return the pixels of one image of a folder, without the axis of grey."""
    dataset = read(folder, **options)
    row = dataset.sample_ids.tolist().index(name)
    return dataset.X[row].reshape(dataset.image_shape).squeeze()


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


def chunk(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


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
    assert note.startswith("1 of 2 images have 8 bits per pixel where others have 16: 255 became")
    save_image(tmp_path / "2.tif", np.array([[0.5, 1, 2]], dtype=np.float32))
    refused(tmp_path, "mixes pixels of uint8 in 1 image and uint16 in 1 image and float32 in 1")


def test_colours_of_sixteen_bits_are_cut_and_it_is_said(tmp_path):
    (tmp_path / "a.png").write_bytes(png_of_16_bits(2, [0x1234, 0x80FF, 0xFFFF]))
    (tmp_path / "b.ppm").write_bytes(b"P6 1 1 65535\n\x12\x34\x80\xff\xff\xff")
    dataset = read(tmp_path)
    np.testing.assert_array_equal(dataset.X, [[0x12, 0x80, 0xFF]] * 2)
    assert dataset.notes == (
        "2 of 2 images have 16 bits per channel, of which the upper 8 were read.",
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


# -- kinds of files ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "right"),
    [
        ("a.pgm", b"P5\n# by hand\n3 1 15\n\x00\x01\x0f", [0, 17, 255]),
        ("a.PGM", b"P2 3 1 255\n0 7 255\n", [0, 7, 255]),
        ("a.pbm", b"P1 3 1\n1 0 1\n", [0, 255, 0]),
        ("a.pnm", b"P5 3 1 255\n\x00\x07\xff", [0, 7, 255]),
        ("a.ppm", b"P6 1 1 255\n\x01\x02\x03", [1, 2, 3]),
    ],
)
def test_portable_maps(tmp_path, name, content, right):
    """Faces are often given as .pgm, and no such file was seen."""
    (tmp_path / name).write_bytes(content)
    np.testing.assert_array_equal(pixels(tmp_path, name), right)


@pytest.mark.parametrize("name", ["a.jfif", "a.jpe", "ä ö.JPG", "日本.Jpeg", "a\nb.jpg"])
def test_spellings_of_names_of_photographs(tmp_path, name):
    save_image(tmp_path / name, np.full((8, 8), 77, dtype=np.uint8), format="JPEG")
    assert read(tmp_path).sample_ids.tolist() == [name]
    np.testing.assert_allclose(pixels(tmp_path, name), 77, atol=1)


def test_a_suffix_that_is_not_the_content_s(tmp_path):
    save_image(tmp_path / "a.jpg", random_pixels(3, 4), format="PNG")
    np.testing.assert_array_equal(pixels(tmp_path, "a.jpg"), random_pixels(3, 4))


def test_of_several_frames_the_first_is_read_and_it_is_said(tmp_path):
    frames = [Image.fromarray(random_pixels(3, 4, seed=seed)) for seed in range(3)]
    for suffix in ("tif", "gif", "png", "webp"):
        options = {"lossless": True} if suffix == "webp" else {}
        path = tmp_path / f"a.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:], **options)
    frames[0].save(tmp_path / "one.png")
    frames[0].save(tmp_path / "photo.jpg", "MPO", save_all=True, append_images=frames[1:])
    dataset = read(tmp_path, channels=1)
    for row, name in enumerate(dataset.sample_ids.tolist()):
        tolerance = 60 if name == "photo.jpg" else 0
        np.testing.assert_allclose(dataset.X[row], random_pixels(3, 4).ravel(), atol=tolerance)
    words = "4 of 6 images have several frames or pages, of which the first was read."
    assert dataset.notes == (words,)


def test_what_systems_and_packers_leave_in_a_folder(tmp_path):
    for name in ("a/1.png", "b/2.png", "__MACOSX/a/1.png", "a/@eaDir/1.png", "a/._1.png"):
        save_image(tmp_path / name, random_pixels(2, 3))
    save_image(tmp_path / ".ipynb_checkpoints" / "1.png", random_pixels(2, 3))
    for name in ("Thumbs.db", ".DS_Store", "a/desktop.ini", "a/IMG_1.HEIC", "a/IMG_2.heic"):
        (tmp_path / name).write_bytes(b"x")
    dataset = read(tmp_path)
    assert dataset.sample_ids.tolist() == ["a/1.png", "b/2.png"]
    assert dataset.y.tolist() == ["a", "b"]
    words = "4 files without an image's suffix left out: .heic (2), .db (1), .ini (1)."
    assert dataset.notes == (words,)


# -- links -------------------------------------------------------------------------------


def test_links_to_files_and_folders_are_followed(tmp_path):
    """A folder of links to classes was said to be without images."""
    store, folder = tmp_path / "store", tmp_path / "links"
    folder.mkdir()
    for kind, seed in (("a", 0), ("b", 1)):
        for number in range(6):
            save_image(store / kind / f"{number}.png", random_pixels(3, 4, seed=6 * seed + number))
    (folder / "cats").symlink_to(store / "a")
    (folder / "dogs").mkdir()
    for path in (store / "b").iterdir():
        (folder / "dogs" / path.name).symlink_to(path)
    dataset = load_dataset(folder)
    assert dataset.y.tolist() == ["cats"] * 6 + ["dogs"] * 6
    np.testing.assert_array_equal(dataset.X[7], random_pixels(3, 4, seed=7).ravel())
    assert dataset.notes == ()


def test_links_that_lead_back_end(tmp_path):
    folder = tmp_path / "data"
    save_image(folder / "a" / "1.png", random_pixels(3, 4))
    save_image(tmp_path / "outside.png", random_pixels(3, 4))
    (folder / "a" / "self").symlink_to(folder / "a")
    (folder / "a" / "up").symlink_to(folder)
    (folder / "a" / "out").symlink_to(tmp_path)
    (folder / "b").symlink_to(folder / "a")
    (folder / "round").symlink_to(folder / "round")
    dataset = read(folder)
    assert dataset.sample_ids.tolist() == ["a/1.png"]
    words = "4 links to a folder that was read already left out: b, a/out, a/self, a/up."
    assert words in dataset.notes


def test_many_links_to_folders_of_links_end_soon(tmp_path):
    """Each of 40 folders has two links to the next: as many ways through them as 2 to the 40."""
    for number in range(40):
        (tmp_path / f"{number}").mkdir()
        for name in "xy":
            (tmp_path / f"{number}" / name).symlink_to(tmp_path / f"{number + 1}")
    save_image(tmp_path / "40" / "a.png", random_pixels(3, 4))
    assert read(tmp_path / "0").n_samples == 1


# -- images that cannot be read ----------------------------------------------------------


def save_many(folder, n_images):
    for number in range(n_images):
        save_image(folder / f"{number:02}.jpg", random_pixels(30, 30, 3, seed=number))


def damage(folder, *, truncated=(), empty=(), others=()):
    for number in truncated:
        path = folder / f"{number:02}.jpg"
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for number in empty:
        (folder / f"{number:02}.jpg").write_bytes(b"")
    for number in others:
        (folder / f"{number:02}.jpg").write_bytes(b"<html>Not found</html>")


def test_unreadable_images_are_left_out_named_and_counted(tmp_path):
    """One of them stopped everything."""
    save_many(tmp_path, 40)
    whole = load_dataset(tmp_path)
    damage(tmp_path, truncated=[0, 7], empty=[9], others=[39])
    dataset, stream = load_dataset(tmp_path), open_stream(tmp_path)
    words = (
        "4 of 40 images could not be read and left out: 09.jpg (empty), 39.jpg (not an image of a "
        "known kind), 00.jpg (truncated), 07.jpg (truncated)."
    )
    assert dataset.n_samples == stream.n_samples == 36
    assert dataset.notes == stream.notes
    for name in words.removesuffix(".").split(": ")[1].split(", "):
        assert name in dataset.notes[0]
    assert dataset.notes[0].startswith("4 of 40 images could not be read and left out: ")
    kept = np.setdiff1d(np.arange(40), [0, 7, 9, 39])
    np.testing.assert_array_equal(dataset.sample_ids, whole.sample_ids[kept])
    np.testing.assert_array_equal(dataset.X, whole.X[kept])
    np.testing.assert_array_equal(stream.read(slice(None)), whole.X[kept])
    np.testing.assert_array_equal(stream.take(np.array([0, 6, 35])), whole.X[[1, 8, 38]])
    new = read(tmp_path, is_to_fit=False, image_shape=(30, 30, 3), pixel_type="uint8")
    np.testing.assert_array_equal(new.X, whole.X[kept])


@pytest.mark.parametrize("way", [load_dataset, open_stream])
def test_more_than_a_tenth_unreadable_is_refused_and_all_are_named(tmp_path, way):
    save_many(tmp_path, 40)
    damage(tmp_path, truncated=[1, 7], empty=[9, 11], others=[39])
    with pytest.raises(AevizError) as caught:
        way(tmp_path)
    message = str(caught.value)
    assert message.startswith(f"5 of 40 images in {tmp_path} cannot be read: ")
    for number in (1, 7, 9, 11, 39):
        assert f"{number:02}.jpg (" in message
    assert message.endswith("accepted: at most a tenth, which are left out")


def test_a_left_out_image_gives_no_shape_and_counts_for_nothing(tmp_path):
    save_many(tmp_path, 20)
    for number in (0, 5):
        save_image(tmp_path / f"{number:02}.jpg", random_pixels(64, 50, 3))
    damage(tmp_path, truncated=[0, 5])
    dataset = load_dataset(tmp_path)
    assert dataset.image_shape == (30, 30, 3)
    assert len(dataset.notes) == 1


def test_pipes_broken_links_and_too_many_pixels_are_unreadable_too(tmp_path):
    save_many(tmp_path, 40)
    (tmp_path / "x.jpg").symlink_to(tmp_path / "nowhere.jpg")
    os.mkfifo(tmp_path / "y.jpg")  # would be waited for
    Image.new("1", (9000, 9000)).save(tmp_path / "z.png")
    with memory_limit(500_000_000):
        (note,) = read(tmp_path).notes
    assert "x.jpg (no such file or directory), y.jpg (not a file)" in note
    assert "z.png (its 9,000 × 9,000 pixels need more memory than a data set may take)" in note


@pytest.mark.filterwarnings("error")
def test_a_decompression_bomb_is_left_out(tmp_path):
    save_many(tmp_path, 10)
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(9)))
    (tmp_path / "a.png").write_bytes(bomb)
    (note,) = read(tmp_path).notes
    assert note.startswith("1 of 11 images could not be read and left out: a.png (")
    assert "400000000 pixels" in note


def test_an_image_that_is_lost_while_a_stream_is_read_is_named(tmp_path):
    save_many(tmp_path, 3)
    stream = open_stream(tmp_path)
    (tmp_path / "01.jpg").unlink()
    with pytest.raises(AevizError, match=r"01\.jpg cannot be read as an image: no such file"):
        stream.read(slice(None))
