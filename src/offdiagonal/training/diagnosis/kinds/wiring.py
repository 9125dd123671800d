"""Kinds on how a training is put together."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.kind import Kind

WIRING: dict[str, Kind] = {
    "gradients-accumulate": Kind(
        "Gradients of earlier steps are still there when a step's backward pass begins.",
        ("optimizer.zero_grad() is missing", "zero_grad() is called between backward() and step()"),
        ("gradients that are added up on purpose: those are taken away after each step",),
        ("call optimizer.zero_grad() before loss.backward() in each step",),
        "Print the norm of a gradient just before backward(): it is 0 or None where gradients are taken away.",
        "backward() adds to the gradient that is there. Without zero_grad() a step follows the sum of all gradients "
        "since the beginning, as with a momentum of 1 and a growing learning rate.",
    ),
    "shapes-broadcast": Kind(
        "Outputs and targets have different shapes, and the loss stretches them to a table of all pairs.",
        ("outputs of shape (n, 1) and targets of shape (n), or the other way about",),
        ("a learning rate or a model at fault: on such a loss the best model gives the mean",),
        ("give both the same shape: outputs.squeeze(1), or targets[:, None]",),
        "assert outputs.shape == targets.shape before the loss.",
        "Arrays of shapes (n, 1) and (n) broadcast to (n, n). The mean over all pairs is smallest where each output is "
        "the mean of all targets.",
    ),
    "not-updated": Kind(
        "Parameters that may learn are never moved.",
        (
            "the optimiser was made before a layer was added or replaced, or of another model",
            "optimizer.step() is missing",
            "the parameter's group has a learning rate of 0",
        ),
        ("a vanishing gradient: the optimiser does not look at it",),
        ("make the optimiser after the model is complete, of model.parameters()",),
        "Compare a copy of the weights from before a step with those after it.",
        "An optimiser moves the tensors that it was given when it was made, and no others. A layer that "
        "is put in later "
        "has a gradient, and stays as it began.",
    ),
    "no-gradient": Kind(
        "No gradient reaches some parameters: they are frozen, detached or unused.",
        (
            "requires_grad is False",
            "detach(), .data, .item() or numpy() lies between them and the loss",
            "they are not used in the forward pass",
        ),
        ("a small gradient: there is none at all",),
        ("call requires_grad_(True)", "take the detach() away", "remove what is not used"),
        "After one backward(), list the parameters whose grad is None.",
        "A gradient flows back only along operations that were recorded. Where the record is cut, all that lies before "
        "stays as it began.",
    ),
    "train-mode-at-evaluation": Kind(
        "The model is evaluated in training mode.",
        ("model.eval() is missing before the evaluation", "model.train() is called too early"),
        ("overfitting: the validation loss is of another model than the one that will be used",),
        ("call model.eval() before, and model.train() after each evaluation",),
        "Evaluate twice on the same data: in evaluation mode both give the same.",
        "In training mode dropout takes units away at random and batch norm uses the batch's own mean. "
        "The loss is then "
        "one of a noisier model, and depends on who else is in the batch.",
    ),
    "evaluation-mode-at-training": Kind(
        "The model is trained in evaluation mode.",
        ("model.train() is missing after an evaluation",),
        (),
        ("call model.train() before each epoch",),
        "assert model.training in the training step.",
        "In evaluation mode dropout does nothing and batch norm's running mean and variance stay as they are. What was "
        "meant to regularise does not.",
    ),
    "softmax-twice": Kind(
        "The loss takes a softmax of outputs that are probabilities already.",
        ("a softmax behind the last layer, before a cross entropy that takes logits",),
        ("a model that is too small: the loss cannot fall further",),
        ("take the softmax out of the model; apply it when predicting",),
        "Print the sums of the outputs: logits do not add up to 1.",
        "Of numbers between 0 and 1 a softmax gives at most e / (e + C - 1) to a class, so the loss never falls below "
        "ln(e + C - 1) - 1. Its gradient fades where the model is sure.",
    ),
    "wrong-output-activation": Kind(
        "The last function bounds the outputs in a way that the loss does not expect.",
        ("a ReLU, sigmoid or tanh behind the last layer",),
        (),
        (
            "end in a linear layer, and let the loss do the rest",
            "scale the targets to what the function gives",
        ),
        "Compare the range of the outputs with that of the targets, or with any number for logits.",
        "Cross entropy takes any number for each class, and a regression's outputs have to reach its "
        "targets. What lies "
        "outside of a function's range can never be said, and at its ends there is no gradient.",
    ),
    "batch-norm-small-batches": Kind(
        "Batch norm takes its mean and variance over very few examples.",
        ("a batch of a few examples, or an image split over devices",),
        (),
        ("take larger batches", "use group norm or layer norm, which do not depend on the batch"),
        "Train once with batches of 16 or more.",
        "The mean of n examples has an error of the size 1 / sqrt(n), which each layer hands on. At evaluation the "
        "running mean is used, so that the model is another than the one that was trained.",
    ),
    "wrong-sign": Kind(
        "The loss falls below 0 without an end.",
        ("a minus sign too much or too few", "a loss that is to be maximised is minimised"),
        (),
        ("turn the sign",),
        "Look whether accuracy falls while the loss falls.",
        "Cross entropy and squared errors are never below 0. A loss with a turned sign rewards being "
        "wrong, and there is "
        "no limit to how wrong a model can be.",
    ),
}
