"""Evaluations to look at: the cases that every view must stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

import offdiagonal as od


def spam(n: int = 2000) -> od.Evaluation:
    """Two classes, text, probabilities, a source, a number and a time."""
    rng = np.random.default_rng(0)
    messages = od.datasets.sms_spam().head(n).reset_index(drop=True)
    n = len(messages)
    spam = (messages["label"] == "spam").to_numpy()
    score = np.clip(np.where(spam, 0.8, 0.12) + rng.normal(0, 0.22, n), 0.001, 0.999)
    frame = messages.assign(
        predicted=np.where(score > 0.5, "spam", "ham"),
        p_ham=1 - score,
        p_spam=score,
        source=rng.choice(["phone", "web", "vendor-b"], n, p=[0.6, 0.3, 0.1]),
        length=messages["text"].str.len(),
        received=pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, n), unit="D"),
    )
    ev = od.Evaluation(
        frame,
        label="label",
        prediction="predicted",
        probabilities=["p_ham", "p_spam"],
        text="text",
        source="source",
        time="received",
        name="spam v1",
    )
    return ev.slice("contains free", {"text": "free"}).slice(
        "has digits", lambda f: f["text"].str.contains(r"\d")
    )


def intents(n: int = 4000) -> od.Evaluation:
    """77 classes; neighbours in the alphabet are confused."""
    rng = np.random.default_rng(1)
    frame = od.datasets.banking77().sample(n, random_state=0).reset_index(drop=True)
    classes = np.asarray(sorted(frame["label"].unique()), dtype=object)
    code = np.searchsorted(classes, frame["label"].to_numpy(dtype=object))
    near = np.clip(code + rng.choice([-2, -1, 1, 1, 2], n), 0, len(classes) - 1)
    predicted = np.where(rng.random(n) < 0.1, near, code)
    confidence = np.clip(np.where(predicted == code, 0.85, 0.6) + rng.normal(0, 0.12, n), 0.05, 0.99)
    probabilities = np.repeat(((1 - confidence) / (len(classes) - 1))[:, None], len(classes), axis=1)
    probabilities[np.arange(n), predicted] = confidence
    frame = frame.assign(predicted=classes[predicted], words=frame["text"].str.split().str.len())
    return od.Evaluation(
        frame,
        label="label",
        prediction="predicted",
        probabilities=probabilities,
        text="text",
        name="banking intents",
    )


def four() -> od.Evaluation:
    """Four classes, real out-of-fold predictions, no text."""
    frame = od.datasets.hpc_cv()
    columns = {name.lower(): name for name in frame.columns}
    classes = [name for name in frame.columns if name in ("VF", "F", "M", "L")]
    return od.Evaluation(
        frame, label=columns["obs"], prediction=columns["pred"], probabilities=classes, name="hpc jobs"
    )


def without_probabilities() -> od.Evaluation:
    """Labels and predictions, nothing else but a text."""
    frame = spam()._table.source.take(np.arange(300))[["label", "predicted", "text"]]
    return od.Evaluation(frame, label="label", prediction="predicted", text="text", name="no probabilities")


def empty() -> od.Evaluation:
    """No rows."""
    return od.Evaluation(
        {"label": [], "predicted": [], "text": []}, prediction="predicted", text="text", name="empty"
    )


def one_class() -> od.Evaluation:
    """One class only."""
    return od.Evaluation(
        {"label": ["ham"] * 40, "predicted": ["ham"] * 40}, prediction="predicted", name="one class"
    )


def odd() -> od.Evaluation:
    """Missing labels and predictions, long names, long texts, markup, right-to-left text."""
    long = "a class whose name goes on and on until no column of any table can hold it"
    labels = [long, "<b>bold</b>", None, "שלום", "x"] * 30
    predictions = [long, "x", "x", "שלום", None] * 30
    texts = [
        "word " * 400,
        "<img src=x onerror=alert(1)>",
        "\u202eevil",
        "tab\tand\nnewline",
        "👩‍👩‍👧 emoji",
    ] * 30
    frame = {
        "label": labels,
        "predicted": predictions,
        "text": texts,
        "a column with a very long name indeed": [1, 2, 3] * 50,
    }
    return od.Evaluation(frame, prediction="predicted", text="text", name="odd " + "name " * 20)


def dataset(n: int = 2000) -> od.Dataset:
    """Messages before there is a model."""
    frame = spam(n)._table.source.take(np.arange(n)).drop(columns=["predicted", "p_ham", "p_spam"])
    made = od.Dataset(
        frame, label="label", text="text", source="source", time="received", name="spam messages"
    )
    return made.slice("has digits", lambda frame: frame["text"].str.contains(r"\d"))


def unlabelled() -> od.Dataset:
    """Examples without labels."""
    frame = (
        spam(300)._table.source.take(np.arange(300)).drop(columns=["label", "predicted", "p_ham", "p_spam"])
    )
    return od.Dataset(frame, text="text", source="source", name="unlabelled")


def dataset_intents() -> od.Dataset:
    """77 classes before there is a model."""
    frame = od.datasets.banking77()
    return od.Dataset(frame, label="label", text="text", name="intents")


def faults() -> od.Evaluation:
    """Four classes with a mistyped one, repeated ids, a class never predicted and rows moved in the second half."""
    frame = od.datasets.hpc_cv().reset_index(drop=True)
    rng = np.random.default_rng(2)
    label, predicted = (frame[name].to_numpy(dtype=object).copy() for name in ("obs", "pred"))
    predicted[predicted == "L"] = "M"
    label[np.flatnonzero(label == "VF")[:40]] = "vf"
    predicted[1800:] = np.roll(predicted[1800:], 1)
    frame = frame.assign(
        obs=label, pred=predicted, key=np.where(rng.random(len(frame)) < 0.02, 7, np.arange(len(frame)))
    )
    ev = od.Evaluation(frame, label="obs", prediction="pred", id="key", name="jobs with faults")

    @od.check
    def many_tasks(ev: od.Evaluation) -> Iterator[od.Finding]:
        yield od.Finding(
            "many-tasks",
            "model",
            "jobs labelled L fare worse",
            where={"label": "L", "correct": False},
            evidence="They are 7.6 % of the examples.",
            try_next="Weigh them in training.",
        )

    return ev.check(many_tasks)


def digits() -> od.Evaluation:
    """Images."""
    from sklearn.datasets import load_digits

    found = load_digits()
    rng = np.random.default_rng(0)
    label = found.target[:600]
    predicted = np.where(rng.random(600) < 0.12, rng.integers(0, 10, 600), label)
    frame = {"label": label, "predicted": predicted, "ink": found.images[:600].sum(axis=(1, 2))}
    return od.Evaluation(frame, prediction="predicted", image=found.images[:600], name="digits")


def hires(n: int = 3000) -> od.Evaluation:
    """A regression: hires of bicycles an hour, a model that has not learned of holidays and is poor in the rain."""
    rng = np.random.default_rng(5)
    hour, holiday = rng.integers(0, 24, n), rng.random(n) < 0.08
    weather = rng.choice(["clear", "mist", "rain"], n, p=[0.62, 0.27, 0.11])
    daily = 40 + 260 * np.exp(-((hour - 17.5) ** 2) / 9) + 180 * np.exp(-((hour - 8) ** 2) / 3)
    level = daily * np.where(weather == "rain", 0.55, 1.0)
    hires = rng.poisson(level * np.where(holiday, 0.6, 1.0) * rng.gamma(12, 1 / 12, n))
    predicted = level * np.where(weather == "rain", 1.35, 1.0) * rng.gamma(80, 1 / 80, n)
    frame = pd.DataFrame(
        {
            "hires": hires,
            "predicted": predicted.round(1),
            "hour": hour,
            "weather": weather,
            "holiday": np.where(holiday, "holiday", "usual day"),
            "temperature": (12 + 9 * rng.normal(size=n)).round(1),
            "start": pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
        }
    )
    ev = od.Evaluation(frame, label="hires", prediction="predicted", time="start", name="hires v1")
    return ev.slice("rush hour", {"columns": {"hour": [(7, 9), (16, 19)]}})


def losses() -> od.Evaluation:
    """A loss per row, and nothing that is right or wrong."""
    rng = np.random.default_rng(6)
    messages = od.datasets.sms_spam().head(900).reset_index(drop=True)
    length = messages["text"].str.len().to_numpy()
    loss = rng.gamma(2, 0.4, 900) * np.where(length > 120, 1.6, 1.0)
    loss[::90] = np.nan
    frame = messages.assign(loss=loss, source=rng.choice(["phone", "web"], 900), length=length)
    return od.Evaluation(frame.drop(columns="label"), loss="loss", text="text", name="language model")


def splits(n: int = 3000) -> od.Evaluation:
    """Train, valid and test: nearly all right where it was trained."""
    rng = np.random.default_rng(3)
    kinds = np.asarray(["news", "opinion", "sport"])
    label = kinds[rng.integers(0, 3, n)]
    split = rng.choice(["train", "valid", "test"], n, p=[0.6, 0.15, 0.25])
    source = rng.choice(["web", "print"], n)
    risk = np.where(split == "train", 0.01, 0.14) + np.where((split == "test") & (source == "print"), 0.12, 0)
    wrong = rng.random(n) < risk
    predicted = np.where(wrong, np.roll(kinds, 1)[np.searchsorted(kinds, label)], label)
    confidence = np.clip(np.where(wrong, 0.66, 0.88) + rng.normal(0, 0.1, n), 0.4, 0.99)
    probabilities = np.repeat(((1 - confidence) / 2)[:, None], 3, axis=1)
    probabilities[np.arange(n), np.searchsorted(kinds, predicted)] = confidence
    frame = {"label": label, "predicted": predicted, "split": split, "source": source}
    frame["words"] = rng.integers(40, 900, n)
    return od.Evaluation(
        pd.DataFrame(frame),
        prediction="predicted",
        probabilities=probabilities,
        split="split",
        name="newsdesk",
    )


def products(k: int = 2000, n: int = 40_000) -> od.Evaluation:
    """More classes than a grid has room for: some are frequent, most are rare, neighbours are confused."""
    rng = np.random.default_rng(7)
    places = (
        "tools",
        "garden",
        "kitchen",
        "paint",
        "lighting",
        "plumbing",
        "toys",
        "books",
        "audio",
        "camping",
    )
    things = ("drill", "hose", "pan", "brush", "lamp", "valve", "puzzle", "atlas", "speaker", "tent")
    names = np.asarray([f"{places[i % 10]}/{things[i // 10 % 10]}-{i // 100 + 1}" for i in range(k)], object)
    weight = 1 / (np.arange(k) + 10.0)
    label = rng.choice(k, n, p=weight / weight.sum())
    near = (label + rng.choice([10, 100, -10, -100, 200], n, p=[0.4, 0.25, 0.2, 0.1, 0.05])) % k
    far = rng.integers(0, k, n)
    wrong = rng.random(n) < 0.2
    predicted = np.where(wrong, np.where(rng.random(n) < 0.6, near, far), label)
    frame = pd.DataFrame(
        {
            "label": names[label],
            "predicted": names[predicted],
            "source": rng.choice(["shop", "web", "import"], n, p=[0.5, 0.4, 0.1]),
            "price": rng.gamma(2, 20, n).round(2),
            "title": [f"article {i}: {names[code]}" for i, code in enumerate(label)],
        }
    )
    return od.Evaluation(frame, prediction="predicted", text="title", source="source", name="products")


CASES: dict[str, Callable[[], od.Evaluation | od.Dataset]] = {
    "spam": spam,
    "intents": intents,
    "four": four,
    "without_probabilities": without_probabilities,
    "empty": empty,
    "one_class": one_class,
    "odd": odd,
    "faults": faults,
    "digits": digits,
    "dataset": dataset,
    "unlabelled": unlabelled,
    "dataset_intents": dataset_intents,
    "hires": hires,
    "losses": losses,
    "products": products,
    "splits": splits,
}
