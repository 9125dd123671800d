"""Numbers and names as people read them, the same in tables, pictures and plain text."""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal

from offdiagonal.stats.auc import DELONG, WEIGHTED
from offdiagonal.stats.intervals import WELCH, T
from offdiagonal.stats.measure import Measure
from offdiagonal.stats.moments import HAJEK, HAJEK_DIFFERENCE
from offdiagonal.stats.regression import DELTA_R2, DELTA_RMSE

JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners: part of the spelling of Persian, of Indic scripts and of emoji."""
RATIOS = {DELONG, WEIGHTED, DELTA_R2}
NUMBERS = {T, WELCH, HAJEK, HAJEK_DIFFERENCE, DELTA_RMSE}
"""Methods of measures that are written with three decimals, and of those that have the unit of a loss."""
ABSENT = "—"
"""Stands for a number that there is not; ``js/src/core/format.ts`` writes the same."""
LONG_STEP = 1e12
"""From here on a step is written in three digits."""
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that draw nothing."""
SHOWN_FORMATS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""Format characters that have a glyph."""


def visible(text: str) -> str:
    r"""The text with whatever does not show, or turns other text around, spelt as in a Python string.

    White space of any kind becomes a single space.

    Examples
    --------
    >>> visible("ham" + chr(0x202E) + "mapS")
    'ham\\u202emapS'
    >>> visible("two\r\n  lines")
    'two lines'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    joined = " ".join(text.split())
    return "".join(
        _spelt(character) if _hidden(joined, i) else character for i, character in enumerate(joined)
    )


def _hidden(text: str, i: int) -> bool:
    character = text[i]
    if character in JOINERS:
        inside = 0 < i < len(text) - 1
        return not (inside and ord(text[i - 1]) > 0x24F and ord(text[i + 1]) > 0x24F)
    if character in BLANK_LETTERS:
        return True
    category = unicodedata.category(character)
    return category in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} and character not in SHOWN_FORMATS


def _spelt(character: str) -> str:
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def short(text: str, most: int = 40) -> str:
    """The visible text, cut to at most that many characters."""
    shown = visible(text)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def amount(n: int, one: str = "example", many: str = "") -> str:
    """A number of things.

    Examples
    --------
    >>> amount(3080), amount(1), amount(77, "class", "classes")
    ('3,080 examples', '1 example', '77 classes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def step_text(step: float) -> str:
    """A step, which may be a fraction of one, as ``stepText`` of ``js/src/core/run-format.ts`` writes it.

    Examples
    --------
    >>> step_text(12000.0), step_text(0.25), step_text(1 / 3), step_text(-1234.5678)
    ('12,000', '0.25', '0.333333', '-1234.57')
    """
    step = float(step)
    if step.is_integer():
        return f"{step:,.0f}" if abs(step) < LONG_STEP else f"{step:.3g}"
    return format(Decimal(f"{step:.6g}").normalize(), "f")


def percent(share: float) -> str:
    """A share as a percentage with one decimal: ``88.8 %``."""
    return f"{100 * share:.1f} %"


def whole_percent(share: float) -> str:
    """A share as a percentage without decimals, unless that would make some nothing, or nearly all everything.

    Examples
    --------
    >>> whole_percent(0.888), whole_percent(0.9966), whole_percent(0.002), whole_percent(1)
    ('89 %', '99.7 %', '0.2 %', '100 %')
    """
    rounded = round(100 * share)
    return percent(share) if rounded in {0, 100} and share not in {0, 1} else f"{rounded} %"


def points(difference: float) -> str:
    """A difference of two shares, in percentage points: ``+1.4 pt``."""
    return f"{_signed(difference)} pt"


def interval(low: float, high: float) -> str:
    """The ends of a share's interval, in percent: ``[87.7, 89.9]``."""
    return f"[{100 * low:.1f}, {100 * high:.1f}]"


def points_interval(low: float, high: float) -> str:
    """The ends of a difference's interval, in percentage points: ``[+0.3, +2.5]``."""
    return f"[{_signed(low)}, {_signed(high)}]"


def _signed(difference: float) -> str:
    rounded = round(100 * difference, 1)
    return "0.0" if rounded == 0 else f"{rounded:+.1f}".replace("-", "−")


def numbers(*values: float, size: float = 0.0, digits: int = 3) -> list[str]:
    """Numbers with as many decimals as make so many digits of a size, by default that of the largest.

    Examples
    --------
    >>> numbers(19.42, 18.1), numbers(-12345.6), numbers(0.928, 0.8831, size=0.045, digits=2)
    (['19.4', '18.1'], ['−12,346'], ['0.928', '0.883'])
    """
    size = size or max(map(abs, values), default=0.0)
    decimals = min(12, max(0, digits - 1 - math.floor(math.log10(size)))) if size > 0 else 0
    texts = [f"{abs(value):,.{decimals}f}" for value in values]
    return [
        f"−{text}" if value < 0 and any(digit in text for digit in "123456789") else text
        for value, text in zip(values, texts, strict=True)
    ]


def is_number(measure: Measure) -> bool:
    """Whether a measure is in the unit of a loss, rather than a share."""
    return measure.method in NUMBERS


def _number_texts(measure: Measure, *, sign: str = "") -> tuple[str, str]:
    value, low, high = measure.value, measure.low, measure.high
    if value is None:
        return ABSENT, ""
    sign = sign if value > 0 else ""
    if low is None or high is None:
        return sign + numbers(value)[0], ""
    half = (high - low) / 2  # two digits of it are all that is known of the value
    text, *ends = numbers(value, low, high, size=half, digits=2 if half > 0 else 3)
    return sign + text, f"[{', '.join(ends)}]"


def rate_texts(rate: Measure) -> tuple[str, str]:
    """A rate and its interval, or a dash and nothing: ``88.8 %``, ``[87.7, 89.9]``."""
    if is_number(rate):
        return _number_texts(rate)
    if rate.value is None:
        return ABSENT, ""
    return percent(rate.value), "" if rate.low is None or rate.high is None else interval(rate.low, rate.high)


def difference_texts(difference: Measure) -> tuple[str, str]:
    """A difference and its interval, or a dash and nothing: ``+1.4 pt``, ``[+0.3, +2.5]``."""
    if is_number(difference):
        return _number_texts(difference, sign="+")
    low, high = difference.low, difference.high
    if difference.value is None:
        return ABSENT, ""
    return points(difference.value), "" if low is None or high is None else points_interval(low, high)


def score_texts(score: Measure) -> tuple[str, str]:
    """A measure of the model and its interval; most are rates."""
    if score.method not in RATIOS or score.value is None:
        return rate_texts(score)
    limits = "" if score.low is None or score.high is None else f"[{score.low:.3f}, {score.high:.3f}]"
    return f"{score.value:.3f}", limits


def together(texts: tuple[str, str]) -> str:
    """A number and its interval in one: ``88.8 % [87.7, 89.9]``."""
    return " ".join(filter(None, texts))
