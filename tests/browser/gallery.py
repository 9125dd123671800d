"""Evaluations to look at: the cases that every view must stand."""

from __future__ import annotations

from collections.abc import Callable

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


CASES: dict[str, Callable[[], od.Evaluation]] = {
    "spam": spam,
    "intents": intents,
    "four": four,
    "without_probabilities": without_probabilities,
    "empty": empty,
    "one_class": one_class,
    "odd": odd,
}
