"""Charts carry the same numbers twice: once drawn, once as a table."""

from web.parts.charts import Axis, bars, heat, line, paired_bars


def drawn(chart, *names):
    """The numbers of the drawing, in the order of the table."""
    return tuple(tuple(one[name] for name in names) for one in chart.spec["data"]["values"])


def test_bars_draw_what_the_table_says():
    chart = bars(
        key="topics",
        title="Topics people ask for",
        sentence="Data is asked for most.",
        of=Axis(title="Topic", kind="nominal"),
        amount=Axis(title="People"),
        rows=[("Data", 12), ("Law", 1)],
    )

    assert chart.heads == ("Topic", "People")
    assert chart.rows == drawn(chart, "of", "amount") == (("Data", 12), ("Law", 1))


def test_two_sides_stand_below_each_other_in_the_order_given():
    chart = paired_bars(
        key="supply",
        title="Asked for and offered",
        sentence="Data is short.",
        of=Axis(title="Topic", kind="nominal"),
        sides=("Asked for", "Offered"),
        rows=[("Data", 12, 5), ("Law", 1, 0)],
    )

    assert chart.heads == ("Topic", "Asked for", "Offered")
    assert chart.rows == (("Data", 12, 5), ("Law", 1, 0))
    assert drawn(chart, "of", "side", "amount") == (
        ("Data", "Asked for", 12),
        ("Data", "Offered", 5),
        ("Law", "Asked for", 1),
        ("Law", "Offered", 0),
    )
    assert chart.spec["encoding"]["color"]["sort"] == ["Asked for", "Offered"]


def test_a_line_runs_along_days():
    chart = line(
        key="days",
        title="Sign-ups",
        sentence="Most came on the last day.",
        along=Axis(title="Day", kind="temporal"),
        amount=Axis(title="People"),
        rows=[("2026-03-01", 1), ("2026-03-02", 5)],
    )

    assert chart.rows == drawn(chart, "along", "amount") == (("2026-03-01", 1), ("2026-03-02", 5))
    assert chart.spec["encoding"]["x"]["type"] == "temporal"


def test_a_field_of_cells_keeps_its_three_columns():
    chart = heat(
        key="rota",
        title="Duties",
        sentence="Everybody has one.",
        across=Axis(title="Session"),
        down=Axis(title="Person"),
        amount=Axis(title="Duties"),
        rows=[(1, "A", 1), (2, "A", 0)],
    )

    assert chart.heads == ("Session", "Person", "Duties")
    assert chart.rows == drawn(chart, "across", "down", "amount") == ((1, "A", 1), (2, "A", 0))
