"""The words of benchlib: allowed option words, column names and conventions, each said once.

Conventions
-----------
Efficiency
    `efficiency` lies in (0, 1] and is 1 on the frontier, for either orientation. `farrell` stands beside it: the factor
    by which inputs shrink (<= 1) or outputs grow (>= 1) [1]_.
Direction
    +1: more is better, -1: less is better, 0: neither (context).
Territory
    Codes are text with leading zeros; a classification is named by the year in which it starts.

References
----------
.. [1] M. J. Farrell (1957). The measurement of productive efficiency. Journal of the Royal Statistical Society A 120(3),
   253-290. https://doi.org/10.2307/2343100
"""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from benchlib.errors import OptionError

Orientation = Literal["input", "output"]
ReturnsToScale = Literal["crs", "vrs", "nirs", "ndrs"]
Direction = Literal["proportional", "inputs", "outputs", "mean"]
SlackOrientation = Literal["input", "output", "both"]
SlackWeights = Literal["range", "observed", "deviation", "none"]
Goal = Literal["aggressive", "benevolent"]
Method = Literal[
    "dea",
    "bootstrap",
    "fdh",
    "order_m",
    "order_alpha",
    "slacks_based",
    "super_efficiency",
    "cross_efficiency",
    "sfa",
]
BandwidthRule = Literal["rule", "cross-validation"]
FrontierUnits = Literal["drop", "keep"]
ScaleHypothesis = Literal["crs", "nirs"]
Decomposition = Literal["fgnz", "ray-desli"]
FrontierKind = Literal["production", "cost"]
TruncationSide = Literal["left", "right"]
TestedReturns = Literal["crs", "vrs"]
FunctionalForm = Literal["cobb-douglas", "translog"]
InefficiencyDistribution = Literal["half-normal", "exponential", "truncated-normal"]
Decay = Literal["none", "time", "independent"]
Access = Literal["public", "members"]
Classification = Literal["2009", "2021", "2025"]
Status = Literal["observed", "estimated", "harmonised", "missing", "suppressed"]
Dimension = Literal["cost", "productivity", "coverage", "quality", "satisfaction", "context"]
TerritoryKind = Literal["city", "novads"]
Language = Literal["lv", "en"]
Light = Literal["green", "yellow", "red", "none"]

#: Sum of the intensities allowed by each returns-to-scale assumption, as (lowest, highest).
INTENSITY_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "crs": (0.0, float("inf")),
    "vrs": (1.0, 1.0),
    "nirs": (0.0, 1.0),
    "ndrs": (1.0, float("inf")),
}

GLOSSARY: Final[dict[str, str]] = {
    "unit": "What is scored; here a municipality (decision-making unit, DMU).",
    "input": "What a service uses up: money, staff.",
    "output": "What a service brings about: pupils taught, exam results.",
    "context": "Conditions that a municipality cannot change within a year (environmental variables).",
    "orientation": "input: how much less could be used for the same; output: how much more could be reached with the same.",
    "returns to scale": "crs constant, vrs variable, nirs non-increasing, ndrs non-decreasing.",
    "Farrell factor": "The factor by which inputs shrink (<= 1) or outputs grow (>= 1) to reach the frontier.",
    "efficiency": "Between 0 and 1; 1 means that no unit of the sample does better with the same or less.",
    "slack": "What could still be saved or gained in one variable after the proportional change.",
    "target": "The value of a variable at which the unit would be efficient.",
    "peer": "A reference unit with positive weight: efficient, and comparable in its mix. Never a mere look-alike.",
    "comparison group": "Look-alikes by context, region, kind or network; not necessarily better.",
    "multiplier": "The weight that the evaluated unit itself would choose for a variable (dual price).",
    "scale efficiency": "crs efficiency divided by vrs efficiency.",
    "indicator": "A figure computed from primary data, or a published ratio with a named weight.",
    "measure": "Primary data as published.",
    "passport": "What must be known about an indicator before it is used.",
    "vintage": "The date at which a figure was published (or first compiled, where the publisher's date is not recorded).",
    "municipality": "A local government of one of the three classifications.",
    "former municipality": "A constituent of a municipality before the 2021 reform.",
    "network": "One of the thematic cooperation networks T1-T4.",
    "practice example": "What another municipality did, with cost, result and contact.",
    "room for manoeuvre": "Money that would be freed at the comparator's unit cost.",
}


def check_option(argument: str, value: Any, allowed: Any) -> Any:
    """Return `value` if it is one of the words of the literal type `allowed`.

    Parameters
    ----------
    argument : str
        Name of the argument, for the message.
    value : object
        What came.
    allowed : typing.Literal
        Literal type that lists the words, for example `ReturnsToScale`.

    Returns
    -------
    str
        The value, unchanged.

    Raises
    ------
    OptionError
        If the value is not one of the words.
    """
    words = get_args(allowed)
    if not isinstance(value, str) or value not in words:
        listed = ", ".join(repr(word) for word in words)
        raise OptionError(f"{argument}={value!r} is not an option. Allowed: {listed}.")
    return value
