"""Folders of images: which files are read, by what links, and what comes of unreadable ones.

Most of these troubles were reported of other tools.
"""

from __future__ import annotations

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from aeviz import AevizError, load_dataset, open_stream
from aeviz.core.memory import memory_limit
from aeviz.data.formats.images import ImageReader
from tests.data._image_folders import chunk, pixels, read
from tests.data._stream_files import random_pixels, save_image

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
    words = "4 of 6 images had several frames or pages, of which the first was read."
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
    words = "4 files left out by their suffix: .heic (2), .db (1), .ini (1)."
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
    assert dataset.n_samples == stream.n_samples == 36
    assert dataset.notes == stream.notes
    start, words = dataset.notes[0].removesuffix(".").split(": ")
    assert start == "4 of 40 images could not be read and were left out"
    assert set(words.split(", ")) == {
        "00.jpg (truncated)",
        "07.jpg (truncated)",
        "09.jpg (empty)",
        "39.jpg (not an image of a known kind)",
    }
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
    assert note.startswith("1 of 11 images could not be read and was left out: a.png (")
    assert "400000000 pixels" in note


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may open any folder")
def test_a_folder_that_cannot_be_opened_is_said(tmp_path):
    save_many(tmp_path / "a", 3)
    (tmp_path / "lost").mkdir(mode=0)
    dataset = read(tmp_path)
    assert dataset.n_samples == 3
    assert "1 folder that cannot be opened left out: lost." in dataset.notes


def test_an_image_that_is_lost_between_two_looks_is_left_out(tmp_path):
    save_many(tmp_path, 12)
    reader = ImageReader(tmp_path)
    (tmp_path / "05.jpg").unlink()
    assert reader.dataset().n_samples == 11
    words = "1 of 12 images could not be read and was left out: 05.jpg (no such file or directory)."
    assert reader.notes == (words,)


def test_an_image_that_is_lost_while_a_stream_is_read_is_named(tmp_path):
    save_many(tmp_path, 3)
    stream = open_stream(tmp_path)
    (tmp_path / "01.jpg").unlink()
    with pytest.raises(AevizError, match=r"01\.jpg cannot be read as an image: no such file"):
        stream.read(slice(None))
