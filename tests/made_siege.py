"""A made-up town under siege: one good road, perhaps a track and small flows."""

from __future__ import annotations

import supplyline as sl
from supplyline.case.template import write_template

TOWN_KL = 20.0
"""What the town uses [kl/day]."""
MOST_DEAR = 2.5
"""Price over the usual one at which small flows bring the most."""
NO_ROOM_KL = 1e-6
"""Least capacity that a way can have [kl/day]."""

CASE = """\
schema = 1
name = "siege"
title = "A made-up siege"
summary = "A made-up town that is not the capital, and the roads to it."
country = "XS"
capital = "seat"
start = 2024-01-01
cutoff = 2024-03-03
forecast_days = 180
currency = "XXX"
language = "en"
licence = "Made up; free to use."
products = ["fuel"]
"""
TABLES = {
    "sources": """\
source,title,publisher,date,address,reliability,note
made-up,Numbers made up for tests,Supplyline,2024,,F,
""",
    "regions": """\
region,title,is_boundary,effort,source
plain,Plain,false,0,made-up
""",
    "places": """\
place,title,kind,country,region,lat,lon,tier,coordinate_error_km,source
quay,Quay,port,XS,plain,10,0,1,1,made-up
seat,Seat,city,XS,plain,11,0,1,1,made-up
town,Town,town,XS,plain,12,0,1,1,made-up
""",
    "segments": """\
segment,from_place,to_place,mode,length_km,travel_h,surface,region,exposure,tier,source
coast,quay,seat,road,120,3,paved,plain,1,1,made-up
road,seat,town,road,120,4,paved,plain,1,1,made-up
track,seat,town,road,260,20,track,plain,1,1,made-up
""",
    "fleets": """\
fleet,title,mode,load_kl,trucks,source
coast,Trucks of the coast,road,10,60,made-up
home,Trucks inside,road,5,60,made-up
""",
    "corridors": """\
corridor,title,kind,fleet,origin,gateway,destination,capacity_kl_per_day,source
C-COAST,Quay-Seat,import,coast,quay,quay,seat,,made-up
I-ROAD,Seat-Town by road,internal,home,seat,seat,town,,made-up
I-TRACK,Seat-Town by track,internal,home,seat,seat,town,{track_kl},made-up
""",
    "corridor_segments": """\
corridor,position,segment
C-COAST,1,coast
I-ROAD,1,road
I-TRACK,1,track
""",
    "feeds": """\
place,corridor,share,source
seat,C-COAST,1,made-up
town,I-ROAD,1,made-up
town,I-TRACK,0,made-up
""",
    "depots": """\
depot,place,product,source
seat-fuel,seat,fuel,made-up
town-fuel,town,fuel,made-up
""",
    "demand": """\
place,product,demand_class,demand_kl_per_day,source
seat,fuel,public,80,made-up
town,fuel,public,20,made-up
""",
    "small_flows": """\
place,product,most_kl_per_day,price_multiple,source
town,,{small_kl},{most_dear},made-up
""",
    "measures": """\
measure,kind,target,start,end,value,unit,source
price,official_price,,2023-01-01,,1,XXX/l,made-up
siege,closure,{closed},2024-03-04,2024-06-30,,,made-up
""",
}
PARAMS = """\
param,submodel,distribution,a,b,unit,meaning,source
national_demand_kl_per_day,demand,fixed,100,,kl/day,as in the tables,made-up
capital_demand_share,demand,fixed,0.8,,1,as in the tables,made-up
rainy_demand_factor,demand,fixed,1,,1,no season,made-up
"""


def made_siege(folder, *, closed, track_kl, small_kl):
    """Make the case: what is shut, what the track and small flows carry [kl/day]."""
    write_template(folder)
    (folder / "case.toml").write_text(CASE)
    (folder / "params.csv").write_text(PARAMS)
    cells = {"closed": closed, "track_kl": track_kl, "small_kl": small_kl}
    cells["most_dear"] = MOST_DEAR
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text.format(**cells))
    return sl.load_case(folder)
