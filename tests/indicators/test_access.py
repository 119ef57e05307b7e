"""Who may see what, and what was known when: access levels and vintages, from the store to the table."""

from __future__ import annotations

import pytest
from made_up import BAUSKA, BAUSKA_PARTS, DataFolder

from benchlib.errors import AccessError, HarmonisationError, NoFiguresError
from benchlib.indicators import load_indicators

SECRET = 777_001.0

# Vintages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def revised(data: DataFolder) -> DataFolder:
    """Published in 2020, revised in 2022 for one of two municipalities."""
    data.measure("people").passport("people", measure="people")
    data.source("first", [(BAUSKA, 2019, "people", 10), ("0001000", 2019, "people", 20)], "2021")
    return data.source("second", [(BAUSKA, 2019, "people", 11)], "2021", vintage="2022-06-01")


@pytest.mark.parametrize(
    ("as_of", "value", "source"),
    [
        (None, 11, "second"),
        ("2030-01-01", 11, "second"),
        ("2022-06-01", 11, "second"),
        ("2022-05-31", 10, "first"),
        ("20220531", 10, "first"),
        ("2020-01-01", 10, "first"),
    ],
)
def test_as_of_reads_the_past(revised: DataFolder, as_of: str | None, value: float, source: str) -> None:
    table = load_indicators("people", years=2019, as_of=as_of, store=revised.store()).set_index("territory")
    assert table.loc[BAUSKA, ["value", "source"]].tolist() == [value, source]
    assert table.loc["0001000", ["value", "source"]].tolist() == [20, "first"]


def test_before_the_first_vintage_there_is_nothing(revised: DataFolder) -> None:
    with pytest.raises(NoFiguresError, match="published by 2019-12-31"):
        load_indicators("people", years=2019, as_of="2019-12-31", store=revised.store())


def test_later_vintage_does_not_overwrite(revised: DataFolder) -> None:
    store = revised.store()
    store.figures(["people"])
    rows = store._read("SELECT source, value FROM figure WHERE territory = $code", {"code": BAUSKA})
    assert sorted(rows.itertuples(index=False, name=None)) == [("first", 10.0), ("second", 11.0)]


# Access -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed(data: DataFolder) -> DataFolder:
    """Public people and rates, secret money for members, cars with a newer vintage for members: all ways of leaking."""
    for name in ("people", "money", "cars"):
        data.measure(name)
    data.measure("rate", "ratio", weight="people").measure("share", "ratio", weight="money")
    data.source("open", [(code, 2014, "people", 10) for code in BAUSKA_PARTS])
    data.source("open_rate", [(code, 2014, "rate", 2) for code in BAUSKA_PARTS])
    data.source("open_share", [(code, 2014, "share", 2) for code in BAUSKA_PARTS])
    data.source("secret", [(code, 2014, "money", SECRET) for code in BAUSKA_PARTS], access="members")
    data.source("open_cars", [(code, 2014, "cars", 10) for code in BAUSKA_PARTS])
    data.source("newer_cars", [(BAUSKA_PARTS[0], 2014, "cars", SECRET)], access="members", vintage="2023-01-01")
    for name in ("people", "rate", "money", "cars"):
        data.passport(name, measure=name)
    data.passport("money_per_head", numerator="money", denominator="people")
    data.passport("heads_per_money", numerator="people", denominator="money")
    data.passport("mean", mean_of=["rate", "money"])
    return data.passport("closed_rate", measure="rate", access="members")


def test_public_never_yields_a_members_figure(closed: DataFolder) -> None:
    store = closed.store()
    for territory in ("2009", "2025"):
        table = load_indicators("all", years="all", territory=territory, store=store)
        assert set(table["access"]) == {"public"}
        assert set(table["indicator"]) >= {"people", "rate", "cars"}
        assert "closed_rate" not in set(table["indicator"])
        assert table["value"].max() < 1000
        assert set(table.loc[table["indicator"].isin(["money", "money_per_head", "mean"]), "status"]) <= {"missing"}
    cars = load_indicators("cars", years=2014, municipalities=BAUSKA, store=store).iloc[0]
    assert cars[["value", "source", "access"]].tolist() == [40, "open_cars", "public"]


@pytest.mark.parametrize("indicator", ["money", "money_per_head", "heads_per_money", "mean"])
def test_public_passport_of_a_members_figure(closed: DataFolder, indicator: str) -> None:
    store = closed.store()
    with pytest.raises(NoFiguresError, match=r"no public figures.*access='members'"):
        load_indicators(indicator, years=2014, store=store)
    row = load_indicators(indicator, years=2014, municipalities=BAUSKA, access="members", store=store).iloc[0]
    assert row["access"] == "members"
    assert row["value"] > 0


def test_members_passport(closed: DataFolder) -> None:
    store = closed.store()
    with pytest.raises(AccessError, match="'closed_rate' is for members only"):
        load_indicators(["rate", "closed_rate"], years=2014, store=store)
    table = load_indicators("all", years=2014, municipalities=BAUSKA, access="members", store=store)
    assert table.set_index("indicator")["access"].to_dict() == {
        "people": "public",
        "rate": "public",
        "closed_rate": "members",
        **dict.fromkeys(["money", "cars", "money_per_head", "heads_per_money", "mean"], "members"),
    }


def test_weight_for_members(closed: DataFolder) -> None:
    """A public ratio whose weight is for members cannot be carried in public, and says so."""
    closed.passport("share", measure="share")
    store = closed.store()
    with pytest.raises(HarmonisationError, match="its weight 'money' is needed"):
        load_indicators("share", years=2014, store=store)
    former = load_indicators("share", years=2014, territory="2009", municipalities="Bauska", store=store).iloc[0]
    assert former[["value", "access"]].tolist() == [2, "public"]


def test_sum_with_a_members_part_is_missing_in_public(data: DataFolder) -> None:
    """Without the closed part the sum would be a figure about another territory."""
    data.measure("people").passport("people", measure="people")
    data.source("open", [(code, 2014, "people", 10) for code in BAUSKA_PARTS[1:]])
    data.source("open_too", [("0010000", 2014, "people", 1)])
    data.source("secret", [(BAUSKA_PARTS[0], 2014, "people", SECRET)], access="members")
    store = data.store()
    public = load_indicators("people", years=2014, municipalities=BAUSKA, store=store).iloc[0]
    assert public["status"] == "missing"
    members = load_indicators("people", years=2014, municipalities=BAUSKA, access="members", store=store).iloc[0]
    assert members[["value", "access"]].tolist() == [SECRET + 30, "members"]
