"""Five small real tables for examples, tutorials and tests.

Nothing is downloaded: four ship with the package, the digits come with scikit-learn.
Sources, licences and citations are in ``LICENSES.md`` beside this file.
"""

from __future__ import annotations

import lzma
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["banking77", "bike_sharing", "digits", "hpc_cv", "sms_spam"]


def sms_spam() -> pd.DataFrame:
    """Return text messages labelled ham or spam.

    Returns
    -------
    DataFrame of shape (4862, 2)
        ``label``: ``"ham"`` (4,220 rows) or ``"spam"`` (642); ``text``: the message, as sent.

    Notes
    -----
    Only 4,534 texts are distinct: a random split puts some messages on both sides of it.

    Source: SMS Spam Collection v.1, T. A. Almeida and J. M. Gomez Hidalgo; 4,862 of its 5,574 messages.
    Licence: free for all purposes (its authors' words); cite Almeida, Gomez Hidalgo and Yamakami,
    *Contributions to the study of SMS spam filtering*, DocEng 2011.

    Examples
    --------
    >>> from offdiagonal.datasets import sms_spam
    >>> sms = sms_spam()
    >>> sms["label"].value_counts().to_dict()
    {'ham': 4220, 'spam': 642}
    """
    return _read("sms_spam.tsv.xz", sep="\t", quoting=3)


def banking77() -> pd.DataFrame:
    """Return questions to a bank, each with one of 77 intents.

    Returns
    -------
    DataFrame of shape (13242, 3)
        ``text``: the question, in lower case; ``label``: the intent, 77 of them, such as ``"card_arrival"``;
        ``split``: ``"train"`` (8,622 rows), ``"valid"`` (1,540) or ``"test"`` (3,080), the source's own.

    Notes
    -----
    170 rows repeat an earlier text, nearly all of them within ``valid``; six texts of ``test`` stand in
    ``train`` or ``valid`` as well.

    Source: BANKING77, PolyAI, in the copy of Few-Shot-Intent-Detection.
    Licence: CC BY 4.0; cite Casanueva, Temcinas, Gerz, Henderson and Vulic,
    *Efficient intent detection with dual sentence encoders*, 2020.

    Examples
    --------
    >>> from offdiagonal.datasets import banking77
    >>> questions = banking77()
    >>> questions["label"].nunique()
    77
    >>> questions.loc[0, "text"]
    'i am still waiting on my card?'
    """
    return _read("banking77.csv.xz")


def bike_sharing() -> pd.DataFrame:
    """Return how many bicycles were hired in each hour of two years, with the weather.

    Returns
    -------
    DataFrame of shape (17379, 11)
        ``date``: text, 2011-01-01 to 2012-12-31; ``hour``: 0 to 23; ``season``, ``weekday``, ``working_day``,
        ``holiday``, ``weather``: text; ``temperature``: degrees Celsius; ``humidity``: per cent; ``wind``: km/h;
        ``rentals``: bicycles hired in that hour, 1 to 977.

    Notes
    -----
    165 hours are not there, most of them without a hire.

    Source: Bike Sharing, H. Fanaee-T and J. Gama, UCI Machine Learning Repository 2013; Capital Bikeshare,
    Washington D.C. Licence: CC BY 4.0; cite Fanaee-T and Gama, *Event labeling combining ensemble detectors and
    background knowledge*, Progress in Artificial Intelligence 2013.

    Examples
    --------
    >>> from offdiagonal.datasets import bike_sharing
    >>> hours = bike_sharing()
    >>> hours.groupby(hours["date"].str[:4])["rentals"].mean().round(1).to_dict()
    {'2011': 143.8, '2012': 234.7}
    """
    return _read("bike_sharing.csv.xz")


def hpc_cv() -> pd.DataFrame:
    """Return real out-of-fold predictions, with probabilities, of a model of four ordered classes.

    A linear discriminant analysis says how long a computing job will run: very fast, fast, moderate or long.

    Returns
    -------
    DataFrame of shape (3467, 7)
        ``obs``: the label, ``"VF"`` (1,769 rows), ``"F"`` (1,078), ``"M"`` (412) or ``"L"`` (208);
        ``pred``: the prediction; ``VF``, ``F``, ``M``, ``L``: the probability of each class, their sum is 1;
        ``Resample``: the fold, ``"Fold01"`` to ``"Fold10"``.

    Notes
    -----
    Source: ``hpc_cv`` of the R package modeldata; the data of Kuhn and Johnson,
    *Applied Predictive Modeling*, Springer 2013. Licence: MIT.

    Examples
    --------
    >>> from offdiagonal.datasets import hpc_cv
    >>> jobs = hpc_cv()
    >>> round(float((jobs["obs"] == jobs["pred"]).mean()), 4)
    0.7087
    """
    return _read("hpc_cv.csv.xz")


def digits() -> pd.DataFrame:
    """Return images of handwritten digits, 8 x 8 pixels each.

    Returns
    -------
    DataFrame of shape (1797, 65)
        ``label``: the digit, 0 to 9, integer; ``pixel_0_0`` to ``pixel_7_7``: row by row, the grey value of
        each pixel, 0 (white) to 16 (black), float.

    Notes
    -----
    Source: ``sklearn.datasets.load_digits``, the test set of *Optical Recognition of Handwritten Digits*,
    E. Alpaydin and C. Kaynak, UCI Machine Learning Repository 1998. Licence: CC BY 4.0.

    Examples
    --------
    >>> from offdiagonal.datasets import digits
    >>> images = digits().drop(columns="label").to_numpy().reshape(-1, 8, 8)
    >>> images.shape
    (1797, 8, 8)
    """
    import pandas as pd
    from sklearn.datasets import load_digits

    loaded: Any = load_digits()
    frame = pd.DataFrame(loaded.data, columns=[str(name) for name in loaded.feature_names])
    frame.insert(0, "label", loaded.target)
    return frame


def _read(name: str, **options: Any) -> pd.DataFrame:
    import pandas as pd

    packed = resources.files(__name__).joinpath(name).read_bytes()
    frame: pd.DataFrame = pd.read_csv(BytesIO(lzma.decompress(packed)), na_filter=False, **options)
    return frame
