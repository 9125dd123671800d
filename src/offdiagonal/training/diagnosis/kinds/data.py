"""Kinds on what goes in."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.kind import Kind

DATA: dict[str, Kind] = {
    "constant-input": Kind(
        "All examples of a batch have the same inputs.",
        ("the loader gives empty or masked examples", "all words are unknown to the vocabulary"),
        ("a model or learning rate at fault: there is nothing to learn from",),
        ("look at a batch as it goes into the model",),
        "Print the standard deviation of a batch over its examples.",
        "A model gives the same for the same inputs. All it can learn is how often each target occurs.",
    ),
    "same-batch": Kind(
        "Each step sees the same batch, though there is more data.",
        ("the iterator is made anew in each step", "one batch was kept for a test of overfitting"),
        (),
        ("make the iterator once an epoch",),
        "Print the sums of the inputs of two batches.",
        "What is learned of one batch is that batch. The training loss then says nothing of other examples.",
    ),
    "unshuffled": Kind(
        "The targets of a batch are alike, as of sorted data.",
        (
            "shuffle=False, or data sorted by class, time or source",
            "a shuffle buffer that is smaller than a block",
        ),
        ("noise: the batches differ far more than by chance",),
        ("shuffle the training data before each epoch",),
        "Print the targets of three batches.",
        "A step follows the gradient of its batch. Where batches are of one class each, the model "
        "learns the last one and "
        "forgets the others.",
    ),
    "evaluation-input-differs": Kind(
        "Inputs at evaluation are of another scale than in training.",
        (
            "only one of the two is standardised",
            "channels or units differ",
            "the validation data are of another source",
        ),
        ("overfitting: the model sees inputs that it was not trained on",),
        ("prepare both by the same function, fitted on the training data",),
        "Evaluate on training examples that go through the preparation for evaluation.",
        "A model is fitted to the range of inputs that it saw. Outside of it its answers follow from nothing.",
    ),
    "augmentation-too-strong": Kind(
        "Inputs vary far more in training than at evaluation.",
        (
            "augmentation, or noise that is added, hides what there is to learn",
            "only the inputs at evaluation are standardised",
        ),
        ("underfitting: the model would learn more from the data as they are",),
        ("make the augmentation weaker until the two spreads are alike", "prepare both by the same function"),
        "Train again without augmentation: the validation loss falls sooner and further.",
        "Augmentation helps where it gives what the data could have been. Noise that is larger than the signal makes "
        "all examples look alike, and the model learns to give what is right for their mean.",
    ),
    "inputs-not-scaled": Kind(
        "The inputs are large, or far from 0.",
        ("pixels from 0 to 255, or columns in their own units",),
        (),
        ("subtract the mean and divide by the standard deviation of the training data",),
        "Standardise and train again with the same learning rate.",
        "First weights and usual learning rates are made for inputs of size 1. The gradient of the first layer grows "
        "with the inputs, and a common offset makes one direction far steeper than the others.",
    ),
    "targets-not-scaled": Kind(
        "The targets of a regression are large.",
        ("targets in their own units",),
        (),
        ("divide the targets by their standard deviation, after subtracting their mean",),
        "Standardise the targets and train again with the same learning rate.",
        "The gradient of a squared error grows with the error. With targets of size 1,000 the first "
        "steps are a thousand "
        "times too large.",
    ),
    "initial-loss-off": Kind(
        "The first loss is far from that of a model that knows nothing.",
        (
            "first weights or biases of the last layer are too large",
            "the loss is summed and not averaged",
            "inputs or targets are not scaled",
            "the number of classes, or the labels' coding, is wrong",
        ),
        (),
        ("make the last layer's first weights small and its bias that of the prior", "use reduction='mean'"),
        "Compare the first loss with ln C, or with the variance of the targets.",
        "Before it has learned, a model should give each class the same chance, which costs ln C, or the mean, which "
        "costs the variance. A higher first loss is of confident nonsense, which the first steps go to undo.",
    ),
}
