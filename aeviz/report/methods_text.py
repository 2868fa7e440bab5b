"""The paragraphs on methods that a paper can take over, from what a run recorded.

Sentences cite papers by the keys of `aeviz.report.references`, in Pandoc's notation
``[@key; @key]``; for reading, these become authors and years. Column names and values of the data
are not in the text.
"""

import inspect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aeviz.core.registry import EMBEDDINGS, ENCODERS, METRICS
from aeviz.core.wording import plural
from aeviz.encoders.networks.default_sizes import default_batch_size
from aeviz.evaluation.stages import Stage
from aeviz.page.wording import (
    capitalised,
    fixed,
    in_order,
    in_sentence,
    interval,
    joined,
    method,
    metric_words,
    spelt,
)
from aeviz.report.references import References
from aeviz.report.verdict import first_choice
from aeviz.runs.pair import IDENTITY, OWN, Pair
from aeviz.runs.results import embedding_params
from aeviz.runs.run import Run

__all__ = ["MethodsText", "methods_text"]

_CITED = re.compile(r" \[(@[\w-]+(?:; @[\w-]+)*)\]")
# Parameters of embeddings that change nothing that is shown, or that are told elsewhere.
_UNTOLD = ("callback", "n_components", "n_jobs", "random_state")
# Notes on the data that say what was done about missing values; columns and values come after it.
_MISSING = re.compile(r"^[\d,]+ (?:missing values? in|rows? with missing values)[^:.]*")
# The t-SNE of more samples interpolates the repulsion.
_INTERPOLATED_FROM = 6_000
_ONLY_OF_MANY = ("linderman2019fast",)
_OF_TRAININGS = ("zou2008construction", "welch1947generalization")


@dataclass(frozen=True)
class MethodsText:
    """Methods of a run in paragraphs, and the papers that they cite.

    Parameters
    ----------
    cited : list of str
        Paragraphs with citations as keys, ``[@key]``.
    references : References
    """

    cited: list[str]
    references: References

    @property
    def keys(self) -> list[str]:
        """Return the keys of the papers that are cited, in their order."""
        found = (
            key for text in self.cited for group in _CITED.findall(text) for key in _keys(group)
        )
        return list(dict.fromkeys(found))

    @property
    def paragraphs(self) -> list[str]:
        """Return the paragraphs with authors and years in place of keys."""
        return [_CITED.sub(self._in_words, text) for text in self.cited]

    @property
    def bibtex(self) -> str:
        """Return the papers that are cited as the text of a BibTeX file."""
        return self.references.bibtex(self.keys)

    def _in_words(self, found: re.Match[str]) -> str:
        return f" ({'; '.join(map(self.references.author_year, _keys(found[1])))})"


def methods_text(run: Run) -> MethodsText:
    """Return the methods of a run, every choice of it, and the papers behind them.

    Parameters
    ----------
    run : Run
        Finished.
    """
    writer = _Writer(run)
    paragraphs = [
        writer.data(),
        " ".join(writer.encoders()),
        " ".join(writer.maps()),
        writer.scores(),
        writer.software(),
    ]
    return MethodsText([text for text in paragraphs if text], writer.references)


def _keys(group: str) -> list[str]:
    return [one.strip().removeprefix("@") for one in group.split(";")]


class _Writer:
    """Sentences on a run."""

    def __init__(self, run: Run) -> None:
        self.run, self.settings, self.data_card = run, run.settings, run.data
        self.references = References.read()
        self.seed = int(run.info.get("seed", 0))

    def _cite(self, *keys: str) -> str:
        known = [key for key in dict.fromkeys(keys) if key in self.references.entries]
        return f" [{'; '.join(f'@{key}' for key in known)}]" if known else ""

    def _papers(self, member: type, params: dict[str, Any]) -> str:
        """Return the citation of the papers of an encoder or embedding that apply to its use."""
        unused = {"burda2016importance"}
        if params.get("beta", 1.0) in (0, 1.0) and "kingma2014auto" in self._named(member):
            unused.add("higgins2017beta")
        if params.get("shift") == 0:
            unused.add("vincent2008extracting")
        if self.data_card.n_samples <= _INTERPOLATED_FROM:
            unused |= {*_ONLY_OF_MANY}
        return self._cite(*(key for key in self._named(member) if key not in unused))

    def _named(self, member: type) -> list[str]:
        return self.references.named_in(inspect.getdoc(member) or "")

    # -- data ----------------------------------------------------------------------------------

    def data(self) -> str:
        """Return what the data are and what was done to them."""
        data, settings = self.data_card, self.settings
        features = plural(data.n_features, "feature")
        if data.image_shape is not None:
            height, width, n_channels = data.image_shape
            of = "" if n_channels == 1 else f" and {n_channels} channels"
            features = f"{data.n_features:,} features (images of {height} × {width} pixels{of})"
        text = [f"The data set {data.name} has {plural(data.n_samples, 'sample')} of {features}."]
        if settings.get("sample"):
            text.append(f"No more than {settings['sample']:,} were taken (seed {self.seed}).")
        text += self._columns()
        how = f"at random (seed {self.seed})"
        if settings.get("group"):
            how += ", samples of one group on one side"
        if settings.get("split"):
            how = "as a column of the data says"
        text.append(
            f"{data.n_train:,} samples were for training and {data.n_test:,} were held out, {how}."
        )
        text += [f"{found[0]}." for note in data.notes if (found := _MISSING.match(note))]
        words = data.scaling_words
        paper = self._cite("wolf2018scanpy") if settings.get("transform") == "counts" else ""
        text.append(f"Values were prepared by what the training samples gave: {words}{paper}.")
        kinds = {"classes": f"{len(data.class_names or ()):,} classes", "continuous": "numbers"}
        if data.label_kind is not None:
            of = "the split, colours" if data.label_kind == "classes" else "colours"
            text.append(
                f"The labels ({kinds[data.label_kind]}) were used for {of} and scores, and for no "
                "fit."
            )
        return " ".join(text)

    def _columns(self) -> list[str]:
        """Return what became of categories and of the columns that are no features."""
        text, plan = [], self.data_card.plan or ()
        encoded = [one for one in plan if one.use == "feature" and one.role == "category"]
        if encoded:
            n_features = sum(len(one.values) for one in encoded)
            text.append(
                f"{capitalised(plural(len(encoded), 'column'))} of categories became "
                f"{plural(n_features, 'feature')}, one per value (one-hot)."
            )
        if self.data_card.kept is not None:
            text.append(
                f"Kept were the {self.data_card.n_features:,} of "
                f"{self.data_card.n_source_features:,} features with the largest variance over the "
                "training samples."
            )
        return text

    # -- encoders ------------------------------------------------------------------------------

    def encoders(self) -> list[str]:
        """Return how each code was made, and how often."""
        run = self.run
        text = [self._encoder(kind) for kind in run.encoders if kind not in run.own_codes]
        text += [
            f"The code {name} of {plural(run.code(name).shape[1], 'number')} was given."
            for name in run.own_codes
        ]
        trained = [kind for kind in run.encoders if run.history(kind)]
        if trained:
            n = run.n_trainings or 1
            seeds = f"the seed {self.seed}"
            if n > 1:
                numbers = joined(str(self.seed + i) for i in range(n))
                seeds = f"the seeds {numbers}; the first training is shown"
            text.append(f"Every network was trained {_times(n)}, with {seeds}.")
        return text

    def _encoder(self, kind: str) -> str:
        about, size = self.run.about(kind), self.run.code(kind).shape[1]
        content = self.run.encoder_params(kind)
        params = content.get("params", {})
        is_known = kind in ENCODERS.names()
        papers = self._papers(ENCODERS.get(kind), params) if is_known else ""
        name = capitalised(method(kind))
        name = f"The {method(kind)}" if name.endswith("autoencoder") else name
        text = f"{name}{papers} reduced each sample to {plural(size, 'number')}"
        text += f" ({about['architecture']})." if about else "."
        history = self.run.history(kind)
        if not history or not is_known:
            return text
        text += f" Its loss is: {about['loss']}." if about else ""
        return f"{text} {self._training(kind, params, content, history)}."

    def _training(
        self, kind: str, params: dict[str, Any], content: dict[str, Any], history: dict[str, Any]
    ) -> str:
        """Return how a network was trained, as far as the run recorded it."""
        fitted, first = content.get("fitted", {}), int(ENCODERS.get(kind).starts_fitted)
        n_train = self.data_card.n_train
        batch_size = fitted.get("batch_size_") or params.get("batch_size")
        # Runs before it was recorded had the default of today.
        batch_size = batch_size or default_batch_size(n_train, ENCODERS.get(kind).max_batch)
        text = f"Adam{self._cite('kingma2015adam')} trained it in batches of {batch_size}"
        if "learning_rate" in params:
            text += f" at a learning rate of {params['learning_rate']:g} that falls to 0"
        text += f", for {plural(len(history['loss']) - first, 'epoch')}"
        if "best_epoch_" in fitted:
            # A network that can be used before it is trained counts its epochs from 0.
            best = int(fitted["best_epoch_"]) + 1 - first
            text += f", of which epoch {best} was kept"
        share = params.get("validation_fraction")
        if share:
            text += (
                f", by {100 * share:g} % of the training samples (patience {params['patience']})"
            )
        if share and n_train <= ENCODERS.get(kind).max_refitted:
            text += "; then it was trained from the start on all of them for as many epochs"
        return text

    # -- maps ----------------------------------------------------------------------------------

    def maps(self) -> list[str]:
        """Return how each map was made, maps of one method together."""
        run, by_method = self.run, dict[tuple[str, str], list[Pair]]()
        text = []
        for pair in run.pairs:
            if pair.encoder == OWN:
                text.append(f"The map {pair.embedding} was given.")
            elif pair.is_latent:
                text.append(f"The code of the {method(pair.encoder)} is itself a map.")
            else:
                told = self._parameters(embedding_params(run.embedding_path(pair)))
                by_method.setdefault((pair.embedding, told), []).append(pair)
        made = [self._map(*key, pairs) for key, pairs in by_method.items()]
        return [*made, *text]

    def _map(self, embedding: str, told: str, pairs: list[Pair]) -> str:
        member = EMBEDDINGS.get(embedding) if embedding in EMBEDDINGS.names() else None
        papers = self._papers(member, {}) if member is not None else ""
        of = joined(
            "the prepared data" if one.encoder == IDENTITY else f"the code of {_the(one.encoder)}"
            for one in pairs
        )
        text = f"{capitalised(spelt(embedding))}{papers} drew {of} in two dimensions"
        parts = [told] if told else []
        if member is not None and member.starts_from:
            parts.append(f"starting from {member.starts_from}")
        if member is not None and member.depends_on_seed:
            parts.append(f"seed {self.seed}")
        has_plane = any(pair.is_latent for pair in self.run.pairs)
        # As in the pipeline's plan.
        if has_plane and Pair(IDENTITY, "pca") in pairs:
            parts.append("fitted to the training samples, as the latent plane is")
        return f"{text} ({'; '.join(parts)})." if parts else f"{text}."

    def _parameters(self, params: dict[str, Any]) -> str:
        told = {key: value for key, value in params.items() if key not in _UNTOLD}
        return ", ".join(
            f"{key} = {_plain(value)}" for key, value in told.items() if value is not None
        )

    # -- scores --------------------------------------------------------------------------------

    def scores(self) -> str:
        """Return which scores were taken, on how many samples, with which intervals."""
        scores, parts = self.run.scores, []
        for stage, subject in (
            (Stage.DATA_TO_CODE, "Codes were compared with the data"),
            (Stage.DATA_TO_EMBEDDING, "Maps were compared with the data"),
        ):
            of_stage = scores[scores["stage"] == stage]
            if len(of_stage):
                n = int(of_stage["n_evaluated"].max())
                parts.append(f"{subject} on {plural(n, 'sample')} by {self._metrics(of_stage)}.")
        if not parts:
            return ""
        sizes = sorted({int(k) for k in scores["k"].dropna()})
        if sizes:
            parts.append(f"Neighbourhoods have {joined(map(str, sizes))} samples.")
        bootstrap = self._cite("efron1979bootstrap")
        parts.append(f"Intervals are those of 95 % of the bootstrap over samples{bootstrap}.")
        n_trainings = self.run.n_trainings or 1
        if n_trainings > 1 and len(self.run.differences):
            parts.append(
                f"Differences from PCA are of mean scores over {n_trainings} trainings, and their "
                f"intervals count how trainings vary, too{self._cite(*_OF_TRAININGS)}."
            )
        return " ".join([*parts, self._headline(scores)])

    def _metrics(self, scores: pd.DataFrame) -> str:
        names = dict.fromkeys(words.name for words, _ in in_order(scores))
        return joined(
            in_sentence(metric_words(name).title) + self._cite(*self._named_by_metric(name))
            for name in names
        )

    def _named_by_metric(self, name: str) -> list[str]:
        is_known = name in METRICS.names()
        return self.references.named_in(METRICS.get(name).reference) if is_known else []

    def _headline(self, scores: pd.DataFrame) -> str:
        """Return the headline score of every map, with its interval."""
        first = first_choice(self.run)
        is_it = (scores["metric"] == first) & (scores["stage"] == Stage.DATA_TO_EMBEDDING)
        rows = scores[is_it & scores["embedding"].notna()]
        if rows.empty:
            return ""
        told = joined(
            f"{fixed(row.value, 3)} ({interval(row.low, row.high, 3)}) for "
            f"{method(row.encoder, row.embedding)}"
            for row in rows.drop_duplicates(["encoder", "embedding"]).itertuples()
        )
        return f"{capitalised(metric_words(first).title)} was {told}."

    # -- software ------------------------------------------------------------------------------

    def software(self) -> str:
        """Return the versions of what computed it."""
        versions = dict(self.run.info.get("versions", {}))
        versions.setdefault("aeviz", self.run.info.get("aeviz", ""))
        own = f"aeviz {versions.pop('aeviz')}".strip()
        versions = {"Python" if name == "python" else name: one for name, one in versions.items()}
        others = [f"{name} {version}" for name, version in versions.items()]
        device = self.run.info.get("device", "")
        text = f"Everything was computed with {own}"
        text += f" on {joined(others)}" if others else ""
        return f"{text}; device: {device}." if device else f"{text}."


def _the(encoder: str) -> str:
    name = method(encoder)
    return f"the {name}" if name.endswith("autoencoder") else name


def _times(n: int) -> str:
    return "once" if n == 1 else f"{n} times"


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return (
        " × ".join(map(str, value))
        if isinstance(value, Iterable) and not isinstance(value, str)
        else str(value)
    )
