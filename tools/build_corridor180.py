"""Write the packaged case corridor180: the reference workload of the benchmarks.

Run by hand from the repository, when the definition or the rules here change::

    python tools/build_corridor180.py [DEFINITION] [FOLDER]

DEFINITION (default ../shared/bench/corridor180.json) is the reference network, FOLDER
(default src/supplyline/cases/corridor180) is the case. Kept by hand in the case:
case.toml. The same definition gives the same bytes; each file is written whole.

Nodes, edges, routes and hazards are the reference's: 91 nodes, 120 edges, a main route
and a detour from each of 6 origins to one capital. A tick of the reference is a tenth
of a day's drive. Nothing here is about a real place.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from case_folder import Cells, write_tables

from supplyline.case.parameters import ANY_CASE, PARAMETERS

ROOT = Path(__file__).resolve().parents[1]
DEFINITION = ROOT.parent / "shared" / "bench" / "corridor180.json"
CASE = ROOT / "src" / "supplyline" / "cases" / "corridor180"

ORIGINS = 6
EDGES = 15
DRIVING_H_PER_DAY = 8.0
TICK_DAYS = 0.1
KM_PER_H = 25.0
"""Speed of a truck that moves [km/h]."""
KM_PER_DEGREE = 111.0
STRAIGHTNESS = 0.4
"""Straight line over length of a way [1]."""
FAN_RAD = 0.08
"""Angle between corridors at the capital."""
HAZARD_SHARE = 10.0
"""Effort x exposure x length of an edge per unit of hazard there [100 km]."""
MAIN_SHARE = 0.75
"""Share of an origin's trucks that take the main route [1]."""
DEMAND = {
    ("diesel", "essential"): 300,
    ("diesel", "power"): 800,
    ("diesel", "industry"): 500,
    ("diesel", "public"): 3800,
    ("petrol", "essential"): 200,
    ("petrol", "public"): 3400,
}
"""Demand of the reference [kl/day]; at most 6 x 50 trucks a day are asked for."""
TRUCKS = 3000
"""Trucks of a fleet: enough for all losses."""
STOCK_DAYS, ROOM_DAYS = 20, 30
PARAMS = {
    "national_demand_kl_per_day": 9000,
    "capital_demand_share": 1,
    "rainy_demand_factor": 0.9,
    "holding_days": 2,
    "holding_fear_days": 3,
    "hoarding_days": 6,
    "fear_rate_per_day": 0.2,
    "fear_news_per_truck": 0.002,
    "fear_low_days": 5,
    "fear_low_weight": 0.3,
    "low_stock_share": 0.5,
    "quota_days": 5,
    "quota_floor_share": 0.25,
    "quota_min_share": 0.25,
    "power_share": 0.6,
    "power_floor_share": 0.3,
    "power_flow_share": 0,
    "hydro_h": 6,
    "power_full_h": 19,
    "station_rush": 1,
    "queue_h_factor": 1,
    "capital_stock_days": STOCK_DAYS,
    "regional_stock_days": 5,
    "industry_stock_days": 30,
    "customs_coverage": 1,
    "official_bias": 1,
    "official_error_sd_log": 0,
    "quoted_price_bias": 1,
    "quoted_price_error_sd_log": 0,
    "loss_claim_bias": 1,
    "loss_claim_error_sd_log": 0,
    "count_error_sd_log": 0,
    "reading_error_sd_logit": 0,
    "hours_error_sd_logit": 0,
    "spell_error_sd_days": 0,
    "window_edge_days": 0,
    "truck_kl": 35,
    "restock_days": 14,
    "restock_ban_share": 1,
    "need_cap": 1.166667,
    "catch_up_cap": 3,
    "fleet_margin": 1.5,
    "loading_days": 1,
    "driving_h_per_day": DRIVING_H_PER_DAY,
    "mix_by_gap_share": 0.5,
    "ban_willingness_share": 0.85,
    "announcement_days": 2,
    "halted_share": 0.2,
    "pause_willingness_share": 0.5,
    "pulse_willingness_share": 1,
    "fleet_daring_sd_log": 0,
    "loss_aversion": 0.3,
    "driver_aversion": 0.005,
    "willingness_recovery_per_day": 0.1,
    "ban_return_per_day": 0,
    "group_trucks": 1,
    "convoy_min_trucks": 20,
    "gateway_capacity_trucks": 1200,
    "escort_packages_initial": 7,
    "escort_packages_final": 21,
    "escort_cycle_days": 7,
    "convoy_cap_trucks": 30,
    "convoy_cap_sd_log": 0,
    "escort_delay_days": 20,
    "escort_ramp_days": 10,
    "alarm_served_share": 0.6,
    "alarm_days": 2,
    "capital_watch_days": 14,
    "escort_answer_rise": 0,
    "escort_answer_fall": 0,
    "escort_answer_days": 21,
    "escort_diverted_share": 0,
    "diversion_days": 14,
    "diversion_gap_days": 40,
    "strike_probability": 0.05,
    "suspension_probability": 0.05,
    "strike_days": 3,
    "strike_sd_log": 0.5,
    "large_loss_trucks": 15,
    "holdback_share": 0.4,
    "reroute_days": 21,
    "spare_way_share": 0,
    "internal_traffic_share": 1,
    "internal_traffic_days": 5,
    "clearance_h": 12,
    "encounter_rate_per_100km": 0.06,
    "pressure_days": 60,
    "pressure_sd_log": 0.02,
    "pulse_days": 7,
    "pulse_sd_log": 0.02,
    "pause_days": 20,
    "pause_sd_log": 0.02,
    "pause_probability": 1,
    "pause_answer_share": 0,
    "opening_pulse_probability": 1,
    "pause_pulse_probability": 0,
    "pulse_escort_share": 1,
    "pulse_multiplier": 2,
    "pause_multiplier": 0.1,
    "fleet_effort_sd_log": 0,
    "fleet_effort_days": 25,
    "effort_answer": 0,
    "convoy_size_exponent": 0.2,
    "reference_convoy_trucks": 20,
    "group_quality": 1,
    "escort_effect": 1.5,
    "escort_span_trucks": 40,
    "defence_unescorted": 0.25,
    "contest_exponent": 1.5,
    "loss_share_mean": 0.4,
    "loss_share_concentration": 3,
    "reach_trucks": 25,
    "looted_share": 0.2,
    "driver_abducted_probability": 0.1,
    "driver_killed_probability": 0.05,
    "driver_shared_fate": 0,
    "turn_back_probability": 0.5,
    "encounter_delay_days": 0.5,
    "mine_delay_days_per_100km": 0.05,
    "toll_treachery_probability": 0,
    "truck_value_usd": 100000,
    "price_semi_elasticity": 0.2,
    "price_adjustment_per_day": 0.2,
    "backstop_multiple": 4,
    "backstop_rise_per_h": 0,
    "informal_share": 0.05,
    "served_floor": 0.08,
}
"""One value for each parameter, so that members differ by their luck only."""
SOURCE = "reference-workload"


def travel_km(ticks: int) -> float:
    """Return the length of an edge [km]."""
    return ticks * TICK_DAYS * DRIVING_H_PER_DAY * KM_PER_H


def places(definition: dict[str, Any]) -> list[Cells]:
    """Lay the corridors out as a fan around the capital."""
    edges = definition["edges"]
    rows: list[Cells] = [_place("capital", "city", 0.0, 0.0)]
    for corridor in range(ORIGINS):
        lengths = [travel_km(edges[e][2]) for e in definition["routes"][2 * corridor]]
        angle = FAN_RAD * corridor
        for number in range(EDGES):
            degrees = STRAIGHTNESS * sum(lengths[number:]) / KM_PER_DEGREE
            name = definition["nodes"][1 + corridor * EDGES + number]
            kind = "border" if number == 0 else "town"
            lat, lon = degrees * math.cos(angle), degrees * math.sin(angle)
            rows.append(_place(name, kind, lat, lon))
    return rows


def _place(name: str, kind: str, lat: float, lon: float) -> Cells:
    return {
        "place": name,
        "title": name,
        "kind": kind,
        "country": "XC",
        "region": "land",
        "lat": round(lat, 4),
        "lon": round(lon, 4),
        "population": None,
        "capacity_kl_per_day": None,
        "tier": 1,
        "coordinate_error_km": 0,
        "note": None,
        "source": SOURCE,
    }


def segments(definition: dict[str, Any]) -> list[Cells]:
    """Turn edges into segments with the reference's hazard."""
    nodes = definition["nodes"]
    rows: list[Cells] = []
    for number, (start, end, ticks, hazard) in enumerate(definition["edges"]):
        km = travel_km(ticks)
        rows.append(
            {
                "segment": f"e{number:03d}",
                "from_place": nodes[start],
                "to_place": nodes[end],
                "mode": "road",
                "length_km": km,
                "travel_h": round(ticks * TICK_DAYS * DRIVING_H_PER_DAY, 6),
                "surface": "paved",
                "region": "land",
                "exposure": round(HAZARD_SHARE * hazard * 100 / km, 6),
                "tier": 1,
                "note": None,
                "source": SOURCE,
            }
        )
    return rows


def corridors(definition: dict[str, Any]) -> dict[str, list[Cells]]:
    """Turn routes into corridors of two kinds, their segments, feeds and fleets."""
    tables: dict[str, list[Cells]] = {
        "fleets": [],
        "corridors": [],
        "corridor_segments": [],
        "feeds": [],
    }
    shares = {"main": MAIN_SHARE / ORIGINS, "detour": (1 - MAIN_SHARE) / ORIGINS}
    for number, route in enumerate(definition["routes"]):
        origin, kind = number // 2, ("main", "detour")[number % 2]
        name = f"c{origin}-{kind}"
        extra = {"note": None, "source": SOURCE}
        if kind == "main":
            fleet = {"title": f"Trucks of origin {origin}", "mode": "road"}
            tables["fleets"].append(
                {
                    "fleet": f"c{origin}",
                    **fleet,
                    "load_kl": None,
                    "trucks": 3000,
                    **extra,
                }
            )
        tables["corridors"].append(
            {
                "corridor": name,
                "title": f"Origin {origin}, {kind} route",
                "kind": "import",
                "fleet": f"c{origin}",
                "origin": f"c{origin}n0",
                "gateway": f"c{origin}n0",
                "destination": "capital",
                "capacity_kl_per_day": None,
                **extra,
            }
        )
        tables["corridor_segments"] += [
            {"corridor": name, "position": position, "segment": f"e{edge:03d}"}
            for position, edge in enumerate(route, start=1)
        ]
        share = math.floor(1e6 * shares[kind]) / 1e6
        feed = {"place": "capital", "corridor": name, "share": share}
        tables["feeds"].append(feed | extra)
    return tables


def stores() -> dict[str, list[Cells]]:
    """Write depots and demand of the capital."""
    extra = {"note": None, "source": SOURCE}
    depots: list[Cells] = []
    for product in ("diesel", "petrol"):
        daily = sum(amount for key, amount in DEMAND.items() if key[0] == product)
        depots.append(
            {
                "depot": f"capital-{product}",
                "place": "capital",
                "product": product,
                "capacity_kl": ROOM_DAYS * daily,
                "target_kl": STOCK_DAYS * daily,
                "initial_kl": None,
                "initial_high_kl": None,
                "production_kl_per_day": None,
                **extra,
            }
        )
    demand: list[Cells] = [
        {
            "place": "capital",
            "product": product,
            "demand_class": rank,
            "demand_kl_per_day": amount,
            "demand_high_kl_per_day": None,
            **extra,
        }
        for (product, rank), amount in DEMAND.items()
    ]
    return {"depots": depots, "demand": demand}


def measures() -> list[Cells]:
    """Date the ban, the escort step and the official prices."""
    rows = [
        ("ban", "ban", None, "2024-01-11", None, None),
        ("escort-step", "escort_step", None, "2024-01-21", None, None),
        ("price-diesel", "official_price", "diesel", "2023-12-01", 1, "XXX/l"),
        ("price-petrol", "official_price", "petrol", "2023-12-01", 1, "XXX/l"),
    ]
    return [
        {
            "measure": measure,
            "kind": kind,
            "target": target,
            "start": start,
            "start_latest": None,
            "end": None,
            "value": value,
            "value_high": None,
            "unit": unit,
            "note": None,
            "source": SOURCE,
        }
        for measure, kind, target, start, value, unit in rows
    ]


def params() -> list[Cells]:
    """Fix every parameter of a case without armed groups at one value."""
    fixed = {"distribution": "fixed", "b": None, "note": None, "source": SOURCE}
    return [
        {**known.prior, **fixed, "a": PARAMS[name]}
        for name, known in PARAMETERS.items()
        if known.scope == ANY_CASE
    ]


def build(definition_file: Path, folder: Path) -> None:
    """Write the tables of the case.

    Parameters
    ----------
    definition_file
        The reference network.
    folder
        Folder of the case.
    """
    definition = json.loads(definition_file.read_text(encoding="utf-8"))
    unknown = ("population", "zone", "state_control_share", "soldiers_share")
    region = {"region": "land", "title": "Land", "gold_share": None, "note": None}
    region |= dict.fromkeys(unknown)
    rain = {5: 0.5, 6: 1}
    source = {
        "source": SOURCE,
        "title": "Reference workload corridor-180",
        "publisher": "Supplyline",
        "date": "2024",
        "address": None,
        "reliability": "F",
        "note": "not about any real place",
    }
    seasons: list[Cells] = [
        {
            "month": month,
            "rainy_share": rain.get(month, 0),
            "river_open_share": 1,
            "source": SOURCE,
        }
        for month in range(1, 13)
    ]
    write_tables(
        folder,
        {
            "places": places(definition),
            "regions": [region | {"is_boundary": False, "effort": 1, "source": SOURCE}],
            "segments": segments(definition),
            **corridors(definition),
            **stores(),
            "seasons": seasons,
            "measures": measures(),
            "params": params(),
            "sources": [source],
            **{
                name: []
                for name in (
                    "actors", "control", "revenue", "events", "observed", "targets",
                    "claims",
                )
            },
        },
    )  # fmt: skip


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:3]]
    build(*[*given, *(DEFINITION, CASE)[len(given) :]])
