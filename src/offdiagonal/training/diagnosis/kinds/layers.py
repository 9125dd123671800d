"""Kinds on weights, outputs and gradients of layers."""

from __future__ import annotations

from offdiagonal.training.diagnosis.kinds.kind import Kind

LAYERS: dict[str, Kind] = {
    "symmetric-weights": Kind(
        "The weights of a layer begin all alike.",
        ("weights filled with 0 or a constant", "an initialisation that was overwritten"),
        ("a learning rate at fault: the units cannot become different",),
        ("leave the framework's own initialisation in place, or draw the weights at random",),
        "Print the standard deviation of each weight before the first step.",
        "Units with the same weights give the same and get the same gradient, so they stay the same. A "
        "layer of them is "
        "as good as one unit; with zeros no gradient comes through at all.",
    ),
    "dead-units": Kind(
        "Units give 0 for all examples.",
        ("biases far below 0", "a learning rate that is too high, earlier", "inputs that are not scaled"),
        ("sparse units, which are 0 for some examples only",),
        (
            "lower the learning rate or warm it up",
            "use leaky ReLU or GELU",
            "look at the first weights and biases",
        ),
        "Count the units that are 0 for all examples of several batches.",
        "Where a ReLU is below 0 its gradient is 0. A unit that is so for all examples is never moved again.",
    ),
    "saturated-units": Kind(
        "Sigmoid or tanh units are at an end of their range.",
        (
            "first weights or biases that are too large",
            "inputs that are not scaled",
            "a learning rate that is too high",
        ),
        (),
        ("make the first weights smaller (Glorot)", "put a norm before the function", "use ReLU"),
        "Look at the histogram of the layer's outputs.",
        "At its ends the function is flat, and its gradient nearly 0. What lies before it hardly learns.",
    ),
    "vanishing-gradient": Kind(
        "The signal, or the gradient, fades on its way through the layers.",
        (
            "many layers of sigmoid or tanh",
            "first weights that are too small",
            "long sequences in a plain recurrent net",
        ),
        ("a learning rate that is too low everywhere: the last layers have a gradient",),
        (
            "first weights by He or Glorot",
            "residual connections, or a norm in each layer",
            "ReLU in place of sigmoid; LSTM or GRU in place of a plain recurrent net",
        ),
        "Draw the gradient's size by layer: it falls by a factor from layer to layer.",
        "A gradient is a product of one factor a layer. Factors below 1 make it fade exponentially with depth.",
    ),
    "exploding-gradient": Kind(
        "The gradient grows on its way back through the layers.",
        ("first weights that are too large", "a recurrent net without clipping"),
        (),
        ("clip the norm of the gradient", "make the first weights smaller", "put a norm in each layer"),
        "Draw the gradient's size by layer: it grows towards the first one.",
        "A gradient is a product of one factor a layer. Factors above 1 make it grow exponentially with depth.",
    ),
    "weights-too-large": Kind(
        "The first weights of a layer are many times as large as those of the others.",
        (
            "a scale that was set once too often, or for another layer",
            "weights that were taken over from another model or from integers",
        ),
        ("data that are not scaled: the weights are so at the first step",),
        (
            "draw its first weights by He or Glorot",
            "print the root mean square of each layer's first weights",
        ),
        "Draw the weights of that layer anew and train some hundred steps.",
        "A layer multiplies its signal by the root mean square of its weights times the root of its inputs, 0.6 to 1.4 "
        "as they usually begin. A step that suits the other layers hardly moves larger ones; a norm behind them hides "
        "it from the loss.",
    ),
    "constant-output": Kind(
        "The model says the same of all examples.",
        (
            "dead units before the last layer",
            "class weights that make one class all",
            "inputs that are all alike",
        ),
        (),
        ("look at the layers: from which one on outputs do not differ", "take the class weights away"),
        "Give the model two very different examples.",
        "Of constant outputs the best is the prior. A model comes there where nothing of the input reaches the end, or "
        "where the loss asks for one class.",
    ),
    "weight-decay-too-strong": Kind(
        "The weights shrink, to little of their size or by what decay takes at each step.",
        ("weight decay, or an L2 penalty, that is too strong for this learning rate",),
        (),
        ("divide the weight decay by ten", "leave biases and norms out of it"),
        "Train once without weight decay.",
        "Decay takes a share of each weight in each step, and the gradient has to put it back. Where it cannot, all "
        "weights go to 0 and the outputs to the prior.",
    ),
    "dropout-too-strong": Kind(
        "Dropout takes nearly all units away.",
        ("p= is the share that is dropped, and not the share that is kept",),
        (),
        ("take p between 0.1 and 0.5",),
        "Train once with p=0.",
        "With a share p dropped a unit's variance grows by 1 / (1 - p). At 0.95 a step sees a twentieth "
        "of the layer and "
        "noise twenty times as strong.",
    ),
}
