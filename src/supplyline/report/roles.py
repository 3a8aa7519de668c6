"""What a run means for those who read it: relief, trade, risk, press, and options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from supplyline.analysis.chunks import values_of
from supplyline.analysis.heat import COLD, HOT
from supplyline.analysis.members import basis_of, number_of, share_of
from supplyline.language import _
from supplyline.quantities import Quantity
from supplyline.report.leader import direction
from supplyline.report.sentences import Said, Sentence, fill, in_a_row
from supplyline.report.series import dated, rounded, summary
from supplyline.report.towns import weeks_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyline.analysis.chunks import Rows
    from supplyline.analysis.heat import Heat
    from supplyline.report.futures import FuturesPage
    from supplyline.report.options import OptionRow, Outcome
    from supplyline.report.towns import Towns
    from supplyline.runs import Run

WEEKS_SHOWN: Final = 4
"""Weeks ahead for which missing litres are told one by one."""
_TOWNS_SHOWN: Final = 5
_CORRIDORS_SHOWN: Final = 5
_OPTIONS_SHOWN: Final = 4
_LEAST_TRUCKS: Final = 0.5
"""Trucks a week, at the mean, below which a corridor is closed and left out."""


@dataclass(frozen=True, slots=True)
class Roles:
    """What the run means, reader by reader."""

    weeks: tuple[Quantity, ...]
    litres: tuple[tuple[str, tuple[Quantity, ...]], ...]
    """Towns with the most litres missing, by week."""
    relief: tuple[Sentence, ...]
    length: Quantity
    """Weeks over which corridors are judged."""
    corridors: tuple[tuple[str, Quantity, Quantity | None], ...]
    risk: tuple[Sentence, ...]
    press: tuple[Sentence, ...]
    options_title: Sentence
    options: tuple[OptionRow, ...]


def read_roles(run: Run) -> Rows:
    """Read what is missing by town and week, and what corridors send and lose."""
    ahead = weeks_ahead(run)
    sums = {
        name: values_of(run.weekly, f"corridor_trucks_{name}")[:, ahead].sum(
            axis=1, dtype=np.float64
        )
        for name in ("sent", "lost")
    }
    unmet = values_of(run.weekly, "unmet_kl")[:, ahead[:WEEKS_SHOWN]]
    return sums | {"missing": np.nansum(unmet, axis=3, dtype=np.float64)}


def roles_of(
    run: Run,
    read: Rows,
    towns: Towns,
    heat: Heat | None,
    futures: FuturesPage | None,
    outcomes: Sequence[Outcome],
) -> Roles:
    """Say what a run means for each kind of reader."""
    basis, ahead = basis_of(run), weeks_ahead(run)
    shown = run.weekly["week"].to_numpy()[ahead[:WEEKS_SHOWN]]
    title, options = _options(outcomes)
    return Roles(
        weeks=tuple(dated(week, basis) for week in shown),
        litres=_litres(run, read, towns),
        relief=_relief(towns),
        length=Quantity(float(len(ahead)), "weeks", basis=basis, digits=None),
        corridors=_corridors(run, read),
        risk=() if heat is None else _risk(heat, futures),
        press=_press(run, towns),
        options_title=title,
        options=options,
    )


def _litres(
    run: Run, read: Rows, towns: Towns
) -> tuple[tuple[str, tuple[Quantity, ...]], ...]:
    """Tell what the towns with most litres missing lack in each week."""
    basis = basis_of(run)
    spots = {
        str(name): spot for spot, name in enumerate(run.weekly["place"].to_numpy())
    }
    middles = np.median(read["missing"], axis=0) / 1000
    rows = [(town, middles[:, spots[town.place]]) for town in towns.rows]
    rows.sort(key=lambda row: -float(row[1].sum()))
    return tuple(
        (town.title, tuple(Quantity(float(one), "1", basis=basis) for one in litres))
        for town, litres in rows[:_TOWNS_SHOWN]
        if litres.any()
    )


def _relief(towns: Towns) -> tuple[Sentence, ...]:
    """Say which towns have the least in stock."""
    empty = [
        town
        for town in towns.rows
        if town.days_of_supply is not None and number_of(town.days_of_supply) < 1.0
    ]
    if not empty:
        return ()
    named = [Said(town.title) for town in empty[:_TOWNS_SHOWN]]
    count = Quantity(float(len(empty)), "1", basis=towns.count.basis, digits=None)
    return (
        fill(
            _(
                "{count} of {all} towns have less than a day of supply in stock; "
                "the worst placed: {towns}."
            ),
            count=count,
            all=towns.count,
            towns=in_a_row(named),
        ),
    )


def _corridors(
    run: Run, read: Rows
) -> tuple[tuple[str, Quantity, Quantity | None], ...]:
    """Tell how many trucks import corridors send, and what share of them is lost."""
    basis, table = basis_of(run), run.case.tables["corridors"].set_index("corridor")
    weeks = max(len(weeks_ahead(run)), 1)
    rows = []
    for spot, name in enumerate(str(key) for key in run.weekly["corridor"].to_numpy()):
        sent, lost = read["sent"][:, spot], read["lost"][:, spot]
        mean = float(sent.mean()) / weeks
        if str(table.loc[name, "kind"]) != "import" or mean < _LEAST_TRUCKS:
            continue
        used = sent > 0
        share = summary(lost[used] / sent[used], "share", basis) if used.any() else None
        trucks = Quantity(float(np.median(sent)) / weeks, "1", basis=basis)
        rows.append((mean, (str(table.loc[name, "title"]), trucks, share)))
    rows.sort(key=lambda row: -row[0])
    return tuple(row for _mean, row in rows[:_CORRIDORS_SHOWN])


def _risk(heat: Heat, futures: FuturesPage | None) -> tuple[Sentence, ...]:
    """Say how firm the leader's hold is, and what the courses come to."""
    basis = basis_of(heat.run)

    def whole(value: float, unit: str) -> Quantity:
        return Quantity(value, unit, basis=basis, digits=None)

    kept, members = number_of(heat.keeps_power), len(heat.run.members)
    said = [
        fill(
            _(
                "The heat of {leader} is {heat} of {full}: {band}, {direction}. Cold, "
                "up to {cold}, means a weak hold on power; hot, from {hot}, a firm one."
            ),
            leader=Said(heat.leader),
            heat=rounded(Quantity(number_of(heat.value()), "1", basis=basis)),
            full=whole(100.0, "1"),
            band=_(heat.band()),
            direction=_(direction(heat.trend())),
            cold=whole(COLD, "1"),
            hot=whole(HOT, "1"),
        ),
        fill(
            _("He loses power within {days} in {share} of the courses."),
            days=whole(float(heat.keeps_power_days), "days"),
            share=share_of((1.0 - kept) * members, members, basis),
        ),
    ]
    if futures is not None:
        ranked = sorted(futures.rows, key=lambda row: -number_of(row.share))
        named = [
            fill("{title} {share}", title=Said(row.title), share=row.share)
            for row in ranked[:3]
        ]
        said.append(
            fill(_("Most frequent futures: {futures}."), futures=in_a_row(named))
        )
    return tuple(said)


def _press(run: Run, towns: Towns) -> tuple[Sentence, ...]:
    """Give what may be quoted, with what it is."""
    return (
        fill(
            _(
                "Quote the title with its chance and its day. It is a forecast and no "
                "report: {count} simulated courses, data until {day}."
            ),
            count=Quantity(
                float(len(run.members)), "1", basis=basis_of(run), digits=None
            ),
            day=towns.known,
        ),
    )


def _options(outcomes: Sequence[Outcome]) -> tuple[Sentence, tuple[OptionRow, ...]]:
    """Choose the options that change most in the capital: the best, and the worst."""
    main = next((one for one in outcomes if one.is_main), None)
    if main is None:
        return (), ()
    rows = sorted(
        (row for row in main.rows if row.since is None),
        key=lambda row: number_of(row.difference),
    )
    if len(rows) > _OPTIONS_SHOWN:
        rows = [*rows[: _OPTIONS_SHOWN - 1], rows[-1]]
    title = fill(_("{outcome}, {place}"), outcome=main.title, place=Said(main.place))
    return title, tuple(rows)
