"""The hooks of the frameworks, as methods of a Run: one line for the user each."""

from __future__ import annotations

from typing import Any

from offdiagonal.training.hooks.common import Logged


class Hooks:
    """Callbacks that log a training of a framework; each framework is imported when its method is called."""

    def lightning(self: Logged, *, watch: bool = False) -> Any:
        """Give a callback for Lightning: ``L.Trainer(callbacks=[run.lightning()])``.

        It takes the loss of each update, what the module logs with ``self.log``, the learning rate, the norm of
        the gradient before it is clipped, and the module's hyper-parameters. Stop ends the fit after the update.

        Parameters
        ----------
        watch
            Whether ``run.watch`` looks at the layers too.
        """
        from offdiagonal.training.hooks.lightning import callback

        return callback(self, watch)

    def keras(self: Logged) -> Any:
        """Give a callback for Keras 3: ``model.fit(..., callbacks=[run.keras()])``.

        It takes the loss of each batch (Keras tells the mean since the epoch began), and the other metrics, those of
        validation and the learning rate after each epoch. Stop ends the fit after the batch, or the one after.
        """
        from offdiagonal.training.hooks.keras import callback

        return callback(self)

    def transformers(self: Logged, *, watch: bool = False) -> Any:
        """Give a callback for the Trainer of Hugging Face: ``Trainer(..., callbacks=[run.transformers()])``.

        It takes what the Trainer logs, and that as often as its ``logging_steps=`` says (500, if nothing does).

        Parameters
        ----------
        watch
            Whether ``run.watch`` looks at the layers too.
        """
        from offdiagonal.training.hooks.transformers import callback

        return callback(self, watch)

    def xgboost(self: Logged, *, train: str | None = None, validation: str | None = None) -> Any:
        """Give a callback for XGBoost: ``xgb.train(..., evals=[(d, "train"), (v, "val")], callbacks=[run.xgboost()])``.

        Parameters
        ----------
        train, validation
            The names in ``evals``. Without them data are training data where their name says so (``"train"``), and
            the last of the others is for validation; scikit-learn's interface calls them ``validation_0`` and so on.
        """
        from offdiagonal.training.hooks.xgboost import callback

        return callback(self, train, validation)

    def lightgbm(self: Logged, *, train: str | None = None, validation: str | None = None) -> Any:
        """Give a callback for LightGBM: ``lgb.train(..., valid_sets=[data, val], callbacks=[run.lightgbm()])``.

        Parameters
        ----------
        train, validation
            The names in ``valid_names``. Without them data are training data where their name says so
            (``"training"``), and the last of the others is for validation.
        """
        from offdiagonal.training.hooks.lightgbm import Callback

        return Callback(self, train, validation)

    def sklearn(
        self: Logged,
        model: Any = None,
        step: float | None = None,
        *,
        data: Any = None,
        validation: Any = None,
    ) -> Any:
        """Take the training of an estimator of scikit-learn.

        - ``run.sklearn(fitted)``: what it, or the last step of a Pipeline, kept itself (``loss_curve_``,
          ``validation_scores_``, ``train_score_``); with ``validation=(X, y)`` the losses of a boosted model after
          each stage.
        - ``run.sklearn(model, step, data=(X, y), validation=(X_val, y_val))`` after each ``partial_fit``: its loss and
          accuracy now.
        - ``LogisticRegression().set_callbacks(run.sklearn())``: the callbacks of scikit-learn 1.9.

        Parameters
        ----------
        model
            An estimator.
        step
            How many pieces it has learnt from.
        data, validation
            A pair (X, y) each.

        Raises
        ------
        OffdiagonalError
            If it is no estimator that was fitted, it kept nothing and no data are given, or X and y differ in length.
        """
        from offdiagonal.training.hooks.sklearn import callback, take

        if model is None:
            return callback(self)
        take(self, model, step, data, validation)
        return None
