"""Text to number: what is written the publisher's way passes with its exact value, everything else is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchlib.indicators.readers.numbers import (
    CSB_SYMBOLS,
    SPACES,
    Figure,
    NumberFormat,
    parse_figure,
    parse_number,
)

PLAIN = NumberFormat()
COMMAS = NumberFormat(thousands=",")
BLANKS = NumberFormat(thousands=SPACES, whole=True)
SHARE = NumberFormat(suffix="%", exponent=-2)


@pytest.mark.parametrize(
    ("text", "number_format", "value"),
    [
        ("1,250.07", COMMAS, 1250.07),
        ("966.02", COMMAS, 966.02),
        ("1,234,567", COMMAS, 1234567.0),
        ("698 086", BLANKS, 698086.0),
        ("698\u00a0086", BLANKS, 698086.0),
        ("698\u2009086", BLANKS, 698086.0),
        ("698\u202f086", BLANKS, 698086.0),
        ("8.05%", SHARE, 0.0805),
        ("-1.04 %", SHARE, -0.0104),
        ("\u22121.04%", SHARE, -0.0104),
        (" 57564 ", PLAIN, 57564.0),
        ("0.5", PLAIN, 0.5),
    ],
)
def test_numbers_as_publishers_write_them(text, number_format, value):
    assert parse_number(text, number_format) == value


def test_a_negative_zero_is_zero():
    assert str(parse_number("-0.00%", SHARE)) == "0.0"


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "NaN", "inf", "-inf", "Infinity", "1e5", "1E5", "1_000", "0x10", "TRUE", "None"),
        *("٣", "１２", "½", "1.2.3", "1,2", "--1", "+1", "- 1", ".5", "5.", "007", "1 000", "8.05%", "12 km", ""),
        "9" * 400,
    ],
)
def test_what_float_might_take_or_people_might_mean_is_refused(text):
    with pytest.raises(ValueError, match=r"number|large"):
        parse_number(text, PLAIN)


@pytest.mark.parametrize("text", ["1,25", "1,2500", "12,50.07", ",250", "1,250,07", "1 250", "0,250", "1,250.", "8%"])
def test_groups_must_have_three_digits(text):
    with pytest.raises(ValueError, match="number"):
        parse_number(text, COMMAS)


@pytest.mark.parametrize("text", ["1 234\u00a0567", "12.5", "698  086"])
def test_counts_are_whole_and_grouped_in_one_way(text):
    with pytest.raises(ValueError, match="number"):
        parse_number(text, BLANKS)


def test_a_share_needs_its_percent_sign():
    with pytest.raises(ValueError, match=r"8\.05%"):
        parse_number("8.05", NumberFormat(suffix="%", exponent=-2, example="8.05%"))


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_every_decimal_keeps_its_value(number):
    assert parse_number(f"{number:f}", PLAIN) == float(number)
    assert parse_number(f"{number:,f}", COMMAS) == float(number)
    assert parse_number(f"{number:f}%", SHARE) == float(number.scaleb(-2))


@given(st.integers(min_value=0, max_value=10**15), st.sampled_from(SPACES))
def test_every_count_keeps_its_value(number, blank):
    assert parse_number(f"{number:,}".replace(",", blank), BLANKS) == number


@given(st.text(alphabet="0123456789.,-% eE_+\u00a0\u2009٣naif", max_size=12))
def test_what_passes_is_exactly_the_decimal_that_is_written(text):
    try:
        value = parse_number(text, COMMAS)
    except ValueError:
        return
    assert value == float(Decimal(text.strip().replace(",", "")))
    assert not set(text) & set("eE_+naif٣%")


@pytest.mark.parametrize(
    ("symbol", "status"),
    [("…", "missing"), ("...", "missing"), ("..", "missing"), (".", "missing"), ("-", "missing"), (":", "suppressed")],
)
def test_symbols_are_kept_with_their_status(symbol, status):
    figure = parse_figure(symbol, PLAIN)
    assert (figure.status, figure.symbol) == (status, symbol)
    assert figure.value != figure.value


def test_a_dash_is_zero_at_csb():
    assert parse_figure("-", PLAIN, CSB_SYMBOLS) == Figure(0.0, "observed", "-")


def test_an_empty_cell_is_missing_without_symbol():
    figure = parse_figure("  ", PLAIN)
    assert (figure.status, figure.symbol) == ("missing", "")
