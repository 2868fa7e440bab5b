"""Choose the arrays of samples and labels in an archive of several, by their names and shapes.

Everybody who saves arrays names them differently: ``X`` and ``y``, ``data`` and ``target``,
``x_train`` and ``x_test`` as keras.datasets has them, ``train_images`` and ``val_images`` as
MedMNIST, ``arr_0`` and ``arr_1`` where no names were given. A name is read as words: one may say
the part (train, val, test), the others what is in it. What could be meant in two ways is refused,
with the names and shapes of all arrays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, quoted

__all__ = ["NO_LABELS", "ArrayInfo", "Choice", "chosen_arrays", "described"]

_SAMPLES = {"x", "data", "image", "images", "imgs", "feature", "features", "sample", "samples"}
_SAMPLES |= {"input", "inputs", "vectors", "embedding", "embeddings", "signals", "series", ""}
_LABELS = {"y", "label", "labels", "target", "targets", "class", "classes"}
_PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing"), "test"),
}
_PART_NAMES = ("train", "val", "test")
NO_LABELS = "none"
"""The label key that leaves labels out."""


@dataclass(frozen=True)
class ArrayInfo:
    """What is known of an array before it is read.

    Parameters
    ----------
    shape : tuple of int
    is_number : bool
        Whether it holds real numbers or booleans.
    is_record : bool
        Whether it holds structured records, one per sample.
    """

    shape: tuple[int, ...]
    is_number: bool
    is_record: bool = False

    @property
    def may_be_samples(self) -> bool:
        """Return whether it has the shape and the kind of values that samples have."""
        return (self.is_number and len(self.shape) > 1) or self.is_record


@dataclass(frozen=True)
class Choice:
    """The arrays that hold samples and labels.

    Parameters
    ----------
    samples : tuple of str
        Names of the arrays of samples: one, or those of the parts.
    labels : tuple of str
        As many names, or none.
    is_test : tuple of bool
        For each part, whether it is the one that is held out; empty where there is one part.
    notes : tuple of str
    """

    samples: tuple[str, ...]
    labels: tuple[str, ...] = ()
    is_test: tuple[bool, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Name:
    """Name of an array as words: the part that it belongs to, its group, and all others."""

    part: str
    group: str
    base: str

    @classmethod
    def of(cls, name: str) -> "_Name":
        words = [_words(one) for one in name.split("/")]
        parts = [_PARTS[word] for one in words for word in one if word in _PARTS]
        others = ["_".join(word for word in one if word not in _PARTS) for one in words]
        # In a group of labels the parts may have no other words in their names.
        base = others[-1] or next((one for one in reversed(others) if one), "")
        part = parts[0] if len(parts) == 1 else ""
        group = name.rpartition("/")[0] if not part else ""
        return cls(part, group, base if len(parts) < 2 else name)


def _words(name: str) -> list[str]:
    return [
        word
        for word in re.split(r"[\W_]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower())
        if word
    ]


def chosen_arrays(
    arrays: Mapping[str, ArrayInfo], *, key: str | None, label_key: str | None, source: str
) -> Choice:
    """Return which arrays hold samples and which labels.

    Parameters
    ----------
    arrays : mapping of name to ArrayInfo
    key, label_key : str or None
        The name of the array, or what the names of the parts have in common (``images`` for
        ``train_images`` and ``test_images``). The label key ``"none"`` leaves labels out.
    source : str
        What the archive is called in messages.

    Raises
    ------
    SettingError
        If a key names no array.
    AevizError
        If the names and shapes do not show which arrays are meant.

    Notes
    -----
    Validation samples were looked at while somebody's model was chosen, so they count as training
    samples where there are test samples, and as test samples where there are none.
    """
    samples = _samples(arrays, key, source=source)
    parts = [part for part in _PART_NAMES if part in samples] or [""]
    held_out = "test" if "test" in parts else parts[-1]
    labels = _labels(arrays, samples, label_key, source=source)
    found = tuple(samples[part] for part in parts) if "" not in samples else (samples[""],)
    notes = []
    if not all(_is_plain(name) for name in [*found, *labels]):
        are = f"Samples are those in {listed(map(quoted, found))}"
        notes.append(are + (f", labels in {listed(map(quoted, labels))}." if labels else "."))
    if "val" in parts:
        counts = "test" if held_out == "val" else "training"
        notes.append(
            f"The validation samples in {quoted(samples['val'])} count as {counts} samples."
        )
    n_samples = {_n_rows(arrays, name) for name in found}
    used = {*found, *labels, "feature_names", "target_names"}
    others = [
        name
        for name, one in arrays.items()
        if name not in used and one.shape and one.shape[0] in n_samples
    ]
    if others:
        left_out = described({name: arrays[name] for name in others})
        notes.append(f"Left out: {left_out}; key and label_key choose other arrays.")
    is_test = tuple(part == held_out for part in parts) if len(parts) > 1 else ()
    return Choice(found, labels, is_test, tuple(notes))


def described(arrays: Mapping[str, ArrayInfo]) -> str:
    """Return the names and shapes of arrays.

    Examples
    --------
    >>> described({"a": ArrayInfo((20, 3), True), "b": ArrayInfo((), True)})
    "'a' (20 × 3), 'b' (one value)"
    """
    shown = (
        f"{quoted(name)} ({' × '.join(map(str, one.shape)) or 'one value'})"
        for name, one in arrays.items()
    )
    return listed(shown) or "nothing"


def _is_plain(name: str) -> bool:
    return name.lower() in ("x", "y", "x_train", "y_train", "x_test", "y_test")


def _samples(arrays: Mapping[str, ArrayInfo], key: str | None, *, source: str) -> dict[str, str]:
    """Return the arrays of samples by their part, which is empty where there is only one."""
    if key is not None:
        return _named(arrays, key, "key", source=source)
    wide = {name: one for name, one in arrays.items() if one.may_be_samples}
    by_name = [name for name in wide if _Name.of(name).base in _SAMPLES]
    # Where no array of a known name will do, the error says what is wrong with that one.
    by_name = by_name or [name for name in arrays if name.lower() in ("x", "x_train")]
    if len(by_name) == 1:
        return {"": by_name[0]}
    names = [_Name.of(name) for name in by_name]
    parts = [one.part for one in names]
    is_one_base = len({one.base for one in names}) == 1 and len(set(parts)) == len(parts)
    if is_one_base and "" not in parts:
        return dict(zip(parts, by_name, strict=True))
    if not by_name and len(wide) == 1:
        return {"": next(iter(wide))}
    some = described(arrays)
    if not wide:
        raise AevizError(
            f"{source} holds {some}; accepted: samples in an array of numbers of two dimensions "
            "or more, such as X (with y), or x_train and x_test (with y_train and y_test)"
        )
    others = {name: one for name, one in arrays.items() if name not in wide}
    beside = f"; beside them {described(others)}" if others else ""
    raise AevizError(
        f"{source} holds several arrays that may be the samples: {described(wide)}{beside}; "
        "accepted: key=NAME for the samples and label_key=NAME for their labels"
    )


def _named(
    arrays: Mapping[str, ArrayInfo], name: str, option: str, *, source: str
) -> dict[str, str]:
    """Return the array of a name, or the arrays of the parts that a name is common to."""
    if name.strip("/") in arrays:
        return {"": name.strip("/")}
    parts = {_Name.of(one).part: one for one in arrays if _Name.of(one).base == name.lower()}
    if "" in parts or not parts:
        message = f"{option} {quoted(name)} names no array in {source}, which holds "
        raise SettingError(option, name, "the name of an array", message + described(arrays))
    return parts


def _labels(
    arrays: Mapping[str, ArrayInfo],
    samples: Mapping[str, str],
    label_key: str | None,
    *,
    source: str,
) -> tuple[str, ...]:
    """Return the arrays of labels, as many as there are of samples, or none."""
    order = [part for part in ("", *_PART_NAMES) if part in samples]
    if label_key == NO_LABELS:
        return ()
    if label_key is not None:
        named = _named(arrays, label_key, "label_key", source=source)
        if "" not in samples and "" in named:
            named = {}
        if "" in samples and "" not in named:
            named = {"": named.get(_Name.of(samples[""]).part, "")}
        if any(not named.get(part) for part in order):
            both = f"{listed(map(quoted, samples.values()))}"
            raise AevizError(
                f"label_key {quoted(label_key)} gives no labels for all of {both} in {source}; "
                "accepted: what the names of the labels of all parts have in common"
            )
        return tuple(named[part] for part in order)
    groups = _label_groups(arrays, samples)
    # Two groups may be the labels and the names of the classes, which are fewer.
    fitting = {
        base: group
        for base, group in groups.items()
        if all(
            _n_rows(arrays, name) == _n_rows(arrays, samples[part]) for part, name in group.items()
        )
    }
    if len(groups) > 1 or any(base.startswith("class") for base in groups):
        groups = fitting
    if len(groups) > 1:
        there = {name: arrays[name] for group in groups.values() for name in group.values()}
        raise AevizError(
            f"{source} holds several arrays that may be the labels: {described(there)}; accepted: "
            "label_key=NAME, or label_key=none to leave labels out"
        )
    for group in groups.values():
        if set(group) != set(samples):
            wanted = " and ".join(f"{next(iter(groups))}_{part}" for part in order)
            raise AevizError(
                f"{source} holds {listed(group.values())} but not both {wanted}; "
                "accepted: labels of all parts, or label_key=none to leave labels out"
            )
        return tuple(group[part] for part in order)
    return _unnamed_labels(arrays, samples)


def _label_groups(
    arrays: Mapping[str, ArrayInfo], samples: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Return arrays named like labels of the samples, by the words of the name and the part."""
    groups: dict[str, dict[str, str]] = {}
    own = _Name.of(samples.get("", ""))
    for name in arrays:
        parsed = _Name.of(name)
        if parsed.base not in _LABELS or name in samples.values():
            continue
        if "" in samples and parsed.part in (own.part, "") and parsed.group in (own.group, ""):
            groups.setdefault(f"{parsed.base} {parsed.part}", {})[""] = name
        elif parsed.part in samples:
            groups.setdefault(parsed.base, {})[parsed.part] = name
    return groups


def _unnamed_labels(arrays: Mapping[str, ArrayInfo], samples: Mapping[str, str]) -> tuple[str, ...]:
    """Return ``arr_1`` where an archive holds samples in ``arr_0`` and it, and nothing else."""
    if set(arrays) != {"arr_0", "arr_1"} or samples.get("") != "arr_0":
        return ()
    shape, n_samples = arrays["arr_1"].shape, _n_rows(arrays, "arr_0")
    return ("arr_1",) if shape in ((n_samples,), (n_samples, 1)) else ()


def _n_rows(arrays: Mapping[str, ArrayInfo], name: str) -> int:
    shape: Sequence[int] = arrays[name].shape
    return shape[0] if shape else 0
