"""Kinds on what is learned, and whether it holds for other examples."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.kind import Kind

LEARNING: dict[str, Kind] = {
    "overfitting": Kind(
        "The training loss falls, the validation loss rises or stays far above.",
        ("too few examples for the model", "too many epochs", "no regularisation"),
        ("underfitting and a learning rate that is too low",),
        (
            "stop at the lowest validation loss",
            "more data or augmentation",
            "weight decay, dropout, a smaller model",
        ),
        "Train on half of the data: the gap widens.",
        "A model that can fit noise does so once the signal is learned. What it then learns of the training examples "
        "does not hold for others.",
    ),
    "memorises-noise": Kind(
        "Training examples are learned by heart, and nothing that holds for others.",
        (
            "labels that do not belong to their inputs",
            "a split whose two parts have nothing in common",
            "too few examples",
        ),
        ("a learning rate that is too low: the training loss falls",),
        ("look at twenty examples and their labels", "check that inputs and labels were shuffled together"),
        "Train on labels shuffled on purpose: where the curves look the same, the labels hold nothing.",
        "A net can learn random labels, example by example. Its validation loss then stays at the prior's, or rises "
        "above it as the net becomes sure.",
    ),
    "evaluation-differs": Kind(
        "The same training examples have a far higher loss at evaluation.",
        (
            "batch norm's running mean and variance lag behind",
            "inputs are prepared in another way at evaluation",
        ),
        ("overfitting: these are training examples",),
        ("give batch norm its usual momentum, or larger batches", "prepare both by the same function"),
        "Evaluate training examples in training mode and in evaluation mode.",
        "In training batch norm uses the batch's mean, at evaluation a running one. Where the two differ, so do the "
        "models.",
    ),
    "validation-better-than-train": Kind(
        "The validation loss is well below the training loss.",
        (
            "dropout, augmentation or label smoothing, which are off at evaluation",
            "validation examples that are easier, or that occur in the training data",
        ),
        ("overfitting",),
        ("weaken the augmentation or dropout", "evaluate training examples in evaluation mode"),
        "Evaluate on training examples as they are evaluated for validation: both losses should agree.",
        "The training loss is measured on a harder task, while the weights still move. A large difference says that "
        "most of the training's effort goes into noise.",
    ),
    "underfitting": Kind(
        "Both losses are flat and high.",
        (
            "a model that is too small, or a layer that is too narrow",
            "features that do not tell",
            "too much regularisation",
        ),
        ("overfitting: the training loss is high too", "a lack of data"),
        (
            "a wider or deeper model",
            "less dropout, weight decay or augmentation",
            "look at the labels' noise",
        ),
        "Overfit one batch: a model that can do so has the capacity for it.",
        "The loss that is left is what the model cannot say, or what nobody can know. More data change neither.",
    ),
    "not-learning": Kind(
        "The loss stays where a model that knows nothing has it.",
        (
            "labels that do not belong to their inputs",
            "inputs that say nothing",
            "a learning rate that is far too low or far too high",
            "a net through which nothing passes",
        ),
        ("overfitting",),
        ("overfit one batch", "look at a batch as it goes into the model, with its labels"),
        "Train on one batch for a hundred steps: its loss falls to 0 unless the net or the loss is broken.",
        "Without knowledge of the inputs the best is to say how often each target occurs. A loss that stays there has "
        "learned that, and nothing else.",
    ),
    "still-improving": Kind(
        "The loss falls as fast at the end as before.",
        ("the training was stopped early", "a learning rate that is low"),
        ("overfitting, so far",),
        ("train on", "raise the learning rate"),
        "Train as many steps again.",
        "A loss falls ever more slowly, about by the same share from one stretch to the next. While a stretch still "
        "gives much, the end is not reached.",
    ),
}
