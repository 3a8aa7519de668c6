"""Who holds, guards and attacks what in Mali on 1 August 2025: judgement, with reasons.

No source gives control by region. What sources do give bounds the numbers: the state
holds 15 % of the land, all in four southern regions of the old division that make 23 %
of it (K001, F0295-F0303), so about two thirds of them; the centre is contested (K003);
the north is shared by army posts and its own front (K004, K008-K010); and of the
violence of the main group 8 % (2024) and close to 20 % (2025) fell in the southwest
(F0007, F0008).

Zones. The capital is its own zone. Southwest is all else that the old regions Kayes,
Koulikoro and Sikasso covered: seed-rs speaks of a southwest with Kayes at its heart and
the capital in its far corner, set against a north that holds the rest of the violence.
Centre is the old regions Segou and Mopti; north the old Tombouctou, Gao and Kidal.
Attacks in the capital's district are few enough (half a percent) to leave the share of
the southwest as it is whether they count with it or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from case_folder import Cells

MAIN = "jnim"
HOME_SHARE = 0.5
"""Share of the main group's attacks that fall inside Mali [1]."""
SOUTHWEST = "southwest"
SOUTHWEST_START = 0.15
"""Share of the southwest in the main group's attacks in Mali on 1 August 2025, those on
convoys apart: between 0.08 in 2024 (F0007) and close to 0.2 in 2025 with the convoys of
September and October (F0008) [1]."""


class Start(NamedTuple):
    """One region on the first day."""

    zone: str
    state: float
    soldiers: float
    gold: float
    evidence: str


REGIONS = {
    "bamako": Start("capital", 0.97, 0.12, 0.0, "seat of the state (K002)"),
    "koulikoro": Start(SOUTHWEST, 0.75, 0.1, 0.12, "K001; garrison of Kati"),
    "dioila": Start(SOUTHWEST, 0.75, 0.02, 0.01, "K001; night curfew (E025)"),
    "nara": Start(SOUTHWEST, 0.45, 0.03, 0.0, "border forest; F0043"),
    "kayes": Start(SOUTHWEST, 0.7, 0.05, 0.25, "K001; state holds the city (K015)"),
    "kita": Start(SOUTHWEST, 0.65, 0.02, 0.04, "few towns on one road"),
    "nioro": Start(SOUTHWEST, 0.5, 0.04, 0.0, "town held (K016); E022"),
    "sikasso": Start(SOUTHWEST, 0.8, 0.05, 0.12, "K001"),
    "bougouni": Start(SOUTHWEST, 0.75, 0.03, 0.18, "K001"),
    "koutiala": Start(SOUTHWEST, 0.8, 0.03, 0.0, "K001"),
    "segou": Start("centre", 0.4, 0.1, 0.0, "K003; Niono raided (E024)"),
    "san": Start("centre", 0.45, 0.03, 0.0, "K003"),
    "mopti": Start("centre", 0.3, 0.1, 0.0, "K003; garrison of Sevare; Dioura (E014)"),
    "bandiagara": Start("centre", 0.25, 0.04, 0.0, "K003; towns and militias"),
    "douentza": Start("centre", 0.2, 0.03, 0.0, "K003; Boulkessi given up (K012)"),
    "tombouctou": Start("north", 0.25, 0.07, 0.05, "town held (E016); gold F0051"),
    "taoudenni": Start("north", 0.2, 0.01, 0.0, "desert with few posts"),
    "gao": Start("north", 0.3, 0.07, 0.12, "town held; Tessit lost (K013); gold F0051"),
    "menaka": Start("north", 0.2, 0.03, 0.01, "town held, land around it not"),
    "kidal": Start("north", 0.3, 0.03, 0.1, "K008, K009 held, K010 not; gold F0051"),
}
"""Malian regions: state's share, share of the army, share of artisanal gold."""

REGION_NOTE = (
    "control, soldiers and gold assumed: in the south the state holds about two "
    "thirds, as its 15 % of the land lies in four regions that make 23 % (K001, F0055, "
    "F0295-F0303); elsewhere less by K003 and K004, lowered where bases fell and kept "
    "at 0.2 or more, as the army held the chief town of every region; soldiers by "
    "known garrisons; gold by known fields, with the northern ones that F0051 speaks "
    "of at 0.28 of all"
)
NEIGHBOURS = {
    "senegal": 1.0,
    "cote_divoire": 0.99,
    "guinea": 1.0,
    "mauritania": 1.0,
    "niger": 0.75,
    "burkina_faso": 0.6,
    "togo": 0.97,
    "ghana": 1.0,
    "benin": 0.95,
    "algeria": 1.0,
}
"""Share of each neighbour that its state holds: Burkina Faso by K005, rest assumed."""

NEIGHBOUR_NOTE = (
    "state's share assumed: F0057 and K005 for Burkina Faso, the lost southwest of "
    "Niger that seed-heat speaks of, raids in Togo, Benin and northern Cote d'Ivoire"
)


class Stand(NamedTuple):
    """One group in one region: share of the region held, share of its attacks."""

    control: float
    attacks: float
    evidence: str


HOME = {
    "bamako": Stand(0.0, 0.005, "E018, E067"),
    "segou": Stand(0.35, 0.16, "K014; E024"),
    "koulikoro": Stand(0.08, 0.025, "E037, E038"),
    "kayes": Stand(0.1, 0.045, "E022, E023; 101 incidents of all kinds in H1 (F0233)"),
    "bougouni": Stand(0.08, 0.012, "E056"),
    "sikasso": Stand(0.06, 0.018, "E035, E070"),
    "koutiala": Stand(0.06, 0.015, ""),
    "tombouctou": Stand(0.4, 0.09, "E016, E076"),
    "mopti": Stand(0.45, 0.17, "E014, E028; F0308"),
    "bandiagara": Stand(0.45, 0.15, "E006"),
    "san": Stand(0.3, 0.06, ""),
    "gao": Stand(0.2, 0.06, "shared with the Islamic State branch (K013)"),
    "kita": Stand(0.1, 0.02, "E074"),
    "nioro": Stand(0.2, 0.03, "E022, E034"),
    "dioila": Stand(0.08, 0.01, "E025"),
    "menaka": Stand(0.05, 0.01, "the Islamic State branch dominates"),
    "nara": Stand(0.25, 0.025, ""),
    "douentza": Stand(0.55, 0.08, "K011, K012; E015"),
    "taoudenni": Stand(0.1, 0.003, ""),
    "kidal": Stand(0.1, 0.012, ""),
}
"""Main group inside Mali; attacks are shares of those inside Mali and sum to 1."""

ABROAD = {
    "senegal": Stand(0.0, 0.002, ""),
    "cote_divoire": Stand(0.0, 0.004, ""),
    "guinea": Stand(0.0, 0.002, ""),
    "mauritania": Stand(0.0, 0.002, ""),
    "niger": Stand(0.05, 0.14, ""),
    "burkina_faso": Stand(0.35, 0.77, "F0057, F0226"),
    "togo": Stand(0.01, 0.016, ""),
    "ghana": Stand(0.0, 0.002, ""),
    "benin": Stand(0.02, 0.06, ""),
    "algeria": Stand(0.0, 0.002, ""),
}
"""Main group abroad; attacks are shares of those abroad and sum to 1."""

OTHERS = {
    "issp": {
        "menaka": Stand(0.5, 0.25, "dominates the three-border area"),
        "gao": Stand(0.25, 0.22, "Tessit camp taken (E017, K013)"),
        "tombouctou": Stand(0.02, 0.03, ""),
        "niger": Stand(0.12, 0.4, "lost southwest of Niger in seed-heat"),
        "burkina_faso": Stand(0.04, 0.1, ""),
    },
    "fla": {
        "kidal": Stand(0.35, 0.6, "K010; ambush near Aguelhok (E021)"),
        "taoudenni": Stand(0.2, 0.05, ""),
        "tombouctou": Stand(0.08, 0.2, ""),
        "gao": Stand(0.05, 0.12, ""),
        "menaka": Stand(0.03, 0.03, ""),
    },
}
"""The other groups; attacks sum to 1 over all rows of a group."""

HOME_NOTE = (
    "assumed: southwest 0.15 of attacks in Mali without those on convoys (between "
    "F0007 and F0008), the rest by capital 0.006, centre 0.66, north 0.19; half of all "
    "fall in Mali (groups.csv); events named show that it strikes there, some later in "
    "2025; land held follows K003, K004 and lost bases"
)
ABROAD_NOTE = (
    "assumed: half of all attacks fall abroad (groups.csv), most in Burkina Faso; "
    "0.001 of all where none is known, so that the group may turn there"
)
OTHER_NOTE = "assumed, from the area the sources name"


def region_columns(region: str) -> Cells:
    """Return the columns of a region that speak of force.

    Parameters
    ----------
    region
        Identifier of the region.

    Returns
    -------
    Cells
        Zone and shares; soldiers and gold are unknown abroad.
    """
    if region in NEIGHBOURS:
        return {
            "zone": "neighbours",
            "state_control_share": NEIGHBOURS[region],
            "soldiers_share": "",
            "gold_share": "",
        }
    start = REGIONS[region]
    return {
        "zone": start.zone,
        "state_control_share": start.state,
        "soldiers_share": start.soldiers,
        "gold_share": start.gold,
    }


def region_note(region: str) -> str:
    """Return the reasons for those columns.

    Parameters
    ----------
    region
        Identifier of the region.

    Returns
    -------
    str
        Remark.
    """
    if region in NEIGHBOURS:
        return NEIGHBOUR_NOTE
    return f"{REGION_NOTE}; here: {REGIONS[region].evidence}"


def row_of(group: str, region: str, stand: Stand, note: str) -> Cells:
    """Return one row of presence.csv.

    Parameters
    ----------
    group
        Identifier of the group.
    region
        Identifier of the region.
    stand
        What it holds and attacks there.
    note
        Reason that all rows of this kind share.

    Returns
    -------
    Cells
        Row.
    """
    return {
        "region": region,
        "group": group,
        "control_share": stand.control,
        "attack_share": round(stand.attacks, 6),
        "note": f"{stand.evidence}; {note}" if stand.evidence else note,
        "source": "assumption",
    }


def presence(southwest: float = SOUTHWEST_START) -> Iterator[Cells]:
    """Yield what every group holds and attacks on the first day.

    Parameters
    ----------
    southwest
        Share of the southwest in the main group's attacks in Mali [1].

    Yields
    ------
    Cells
        One row of presence.csv.
    """
    inside = {region: REGIONS[region].zone == SOUTHWEST for region in HOME}
    listed = sum(stand.attacks for region, stand in HOME.items() if inside[region])
    scale = {True: southwest / listed, False: (1 - southwest) / (1 - listed)}
    for region, stand in HOME.items():
        share = stand.attacks * scale[inside[region]] * HOME_SHARE
        yield row_of(MAIN, region, stand._replace(attacks=share), HOME_NOTE)
    for region, stand in ABROAD.items():
        outside = stand._replace(attacks=stand.attacks * (1 - HOME_SHARE))
        yield row_of(MAIN, region, outside, ABROAD_NOTE)
    for group, stands in OTHERS.items():
        for region, stand in stands.items():
            yield row_of(group, region, stand, OTHER_NOTE)
