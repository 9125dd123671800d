"""Kinds on the steps: learning rate, and numbers that run away."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.kind import Kind

STEPS: dict[str, Kind] = {
    "steps-begin-anew": Kind(
        "Steps are counted from the beginning again, so that one step holds values of several epochs.",
        (
            "steps are counted from 0 in each epoch",
            "one run was given to several trainings",
        ),
        ("a resumed training: it goes back once, to its checkpoint",),
        (
            "count updates: step = epoch * len(loader) + i, or leave the step out",
            "make a run for each training",
        ),
        "Print the steps that are logged: each is one more than the last.",
        "Values are put in the order of their steps. Where several share a step it cannot be told which came first, "
        "so nothing is said of how the loss falls or rises.",
    ),
    "not-a-number": Kind(
        "A metric or a tensor is NaN or infinite.",
        (
            "a learning rate that is too high",
            "the logarithm or root of 0, or a division by 0, in a loss of one's own",
            "NaN in the data",
            "an overflow in half precision",
        ),
        (),
        ("look at the batch of this step", "lower the learning rate", "clip the gradient", "add an epsilon"),
        "Run the step again with torch.autograd.set_detect_anomaly(True).",
        "One number that is not finite makes each sum that it enters not finite. After one step all weights are.",
    ),
    "gradient-noise": Kind(
        "Each step follows an example or two, which say little of the others.",
        ("a batch of one, where several were meant", "the last, small batch of each epoch is all there is"),
        ("a learning rate that is too high for batches of a usual size",),
        (
            "make larger batches, or add up the gradients of several before a step",
            "lower the learning rate, or let it decay",
        ),
        "Train as many steps with batches of 16: the loss falls further.",
        "The gradient of one example differs from the mean of all by as much as examples differ. The mean of n of them "
        "is nearer by the root of n, so that larger steps can be taken.",
    ),
    "learning-rate-too-high": Kind(
        "Steps are so large that the loss leaps about or stays high.",
        (
            "a learning rate that is too high for this optimiser, batch size or model",
            "momentum near 1",
            "no warm-up",
            "batches of so few examples that a step follows chance",
        ),
        ("a model that is too small: its loss would be high and calm",),
        ("divide the learning rate by ten", "warm it up over some hundred steps", "clip the gradient"),
        "Train some hundred steps with a tenth of the learning rate: the loss is lower at once.",
        "Gradient descent converges while the learning rate is below 2 over the largest curvature. Above it each step "
        "leaps over the valley and lands higher.",
    ),
    "learning-rate-too-low": Kind(
        "Steps are so small that hardly anything is learned.",
        (
            "a learning rate that is too low",
            "a gradient that is clipped to almost nothing",
            "a dead or detached net",
        ),
        ("overfitting and capacity: nothing is learned yet",),
        ("multiply the learning rate by ten until the loss leaps, and take a third of that",),
        "Sweep the learning rate over some hundred steps.",
        "A step should move weights by about a thousandth of their size. With a millionth it takes a thousand times as "
        "long, and looks like a plateau.",
    ),
    "learning-rate-decays-too-early": Kind(
        "The schedule brings the learning rate to almost nothing long before the end.",
        ("a schedule by epoch that is stepped in each batch", "a schedule made for a shorter training"),
        ("convergence: nothing can move any more",),
        ("step the schedule where it is meant to be", "give it the number of steps of this training"),
        "Draw the learning rate by step.",
        "The sum of all learning rates bounds how far weights can go. Once it no longer grows, further "
        "steps are wasted.",
    ),
    "diverged": Kind(
        "The training loss rises: above where it began, or back to it.",
        ("a learning rate that is too high", "momentum near 1", "a batch or a step that broke the weights"),
        ("overfitting: the training loss itself rises",),
        ("lower the learning rate", "clip the gradient", "go back to the checkpoint before the rise"),
        "Train from the checkpoint before the rise with a tenth of the learning rate.",
        "Past the limit of stability each step increases the loss. Adaptive optimisers go there late, when their "
        "estimate of the gradient's size has become small.",
    ),
    "loss-spike": Kind(
        "The loss leaps up at a step and comes back.",
        (
            "a batch unlike the others",
            "a learning rate at the limit of stability",
            "weights that were reset or restored",
        ),
        ("divergence: the loss comes back",),
        ("look at the batch of this step", "clip the gradient", "lower the learning rate"),
        "Train again with another seed: a spike of the data moves with the batch, one of the steps goes away.",
        "A step is as large as its gradient. One large gradient throws the weights out of the valley, "
        "and the next steps "
        "bring them back.",
    ),
    "plateau": Kind(
        "The loss begins to fall, rests for a long time and then falls again.",
        (
            "first weights that are too small",
            "a learning rate that is too low",
            "a rare feature that is learned late",
        ),
        ("the end of learning: the loss fell again",),
        ("warm up to a higher learning rate", "look at the first layers' gradients"),
        "Train with three times the learning rate: the plateau is a third as long.",
        "Near a saddle point the gradient is small in all directions. The time that it takes to leave "
        "it grows as steps "
        "and the distance become smaller.",
    ),
}
