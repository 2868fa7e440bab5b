"""Test the one definition of what a run is asked to do."""

from __future__ import annotations

import pytest

from aeviz import AevizError, Settings
from aeviz.core.exceptions import SettingError
from aeviz.settings import PreparationOptions, ReadingOptions, ReportOptions, TrainingOptions


def test_file_gives_settings_and_options_overrule_them(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(
        'source = "digits"\nencoder = ["deep"]\nepochs = 7\nseed = 3\n[params.deep]\npatience = 2\n'
    )
    settings = Settings.read(path)
    assert (settings.source, settings.encoder, settings.epochs) == ("digits", ("deep",), 7)
    assert settings.params == {"deep": {"patience": 2}}
    changed = settings.updated(epochs=9, encoder=(), seed=None, sample=50)
    assert (changed.epochs, changed.encoder, changed.seed, changed.sample) == (9, ("deep",), 3, 50)
    assert Settings.from_mapping(changed.to_json()) == changed


def test_zero_overrules_a_seed_from_a_file():
    assert Settings(seed=3).updated(seed=0).seed == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs = 0", "epochs must be an integer of at least 1, got 0"),
        ("epochs = true", "epochs must be an integer of at least 1, got True"),
        ("epochs = 1.5", "epochs must be an integer of at least 1, got 1.5"),
        ("epoch = 5", "has the unknown key 'epoch'; accepted: batch, batch_size"),
        ('encoder = ["shallow"]', "encoder must be one of .*deep, .*; got 'shallow'"),
        ('encoder = "deep"', "encoder must be a list of one or more names, got 'deep'"),
        ("embedding = []", "embedding must be a list of one or more names"),
        ('on_missing = "zero"', "on_missing must be one of impute, drop, error; got 'zero'"),
        ("source = 5", "source must be text, got 5"),
        ('seed = "a"', "seed must be an integer of at least 0, got 'a'"),
        ("[params.nothing]\na = 1", "params must be for one of .*; got 'nothing'"),
        ("params = 5", "params must be a table for each member, got 5"),
        ("[params]\ndeep = 5", "params must be a table for each member, got"),
        ("epochs = ", "is not valid TOML"),
    ],
)
def test_wrong_files_are_told_in_one_line(tmp_path, text, message):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(AevizError, match=message) as caught:
        Settings.read(path)
    assert "\n" not in str(caught.value).strip()


def test_missing_file_is_told(tmp_path):
    with pytest.raises(AevizError, match="no settings file"):
        Settings.read(tmp_path / "none.toml")


def test_parameters_of_a_member_come_on_top():
    settings = Settings(params={"deep": {"patience": 2, "epochs": 3}, "pca": {}})
    changed = settings.with_params("deep", {"epochs": 5}).with_params("simple", {"patience": 1})
    assert changed.params == {
        "deep": {"patience": 2, "epochs": 5},
        "pca": {},
        "simple": {"patience": 1},
    }
    assert settings.params["deep"]["epochs"] == 3
    with pytest.raises(AevizError, match=r"params must be for one of .*; got 'x'"):
        settings.with_params("x", {"a": 1})


def test_lists_of_names_are_given_as_text_or_as_lists(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('label = "a, b"\ncolumns = "x, y"\ndrop = ["p,q", "r"]\nkey = "counts"\n')
    settings = Settings.read(path)
    assert settings.label == ("a, b",)  # one name, as it always was
    assert settings.columns == ("x", "y")
    assert settings.drop == ("p,q", "r")
    assert Settings(label=("a", "b")).to_json()["label"] == ["a", "b"]
    for wrong in ({"label": 3}, {"columns": (1, 2)}):
        with pytest.raises(AevizError, match=r"must be a list of names, got"):
            Settings.from_mapping(wrong)


def test_where_a_training_is_watched_from_is_not_recorded():
    assert "tensorboard" not in Settings(tensorboard="log").to_json()
    assert Settings.from_mapping({"tensorboard": "log"}).tensorboard == "log"


def test_the_groups_of_options_have_all_but_params():
    groups = (ReportOptions, TrainingOptions, PreparationOptions, ReadingOptions)
    names = [name for group in groups for name in group.names()]
    assert [*names, "params"] == Settings.names()
    with pytest.raises(SettingError, match="sample must be an integer of at least 10, got 3"):
        ReadingOptions(source="digits", sample=3)
