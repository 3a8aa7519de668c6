"""Sections of a brief, each from a run alone; a brief reads a run once for several."""

from supplyline.analysis.chunks import rows_of
from supplyline.report.indicators import indicators, read_signs
from supplyline.report.judgements import judgements, read_around
from supplyline.report.leader import leader_page
from supplyline.report.meaning import meanings, read_forecast
from supplyline.report.standing import (
    accuracy,
    corridor_rows,
    read_ahead,
    read_corridors,
    read_standing,
    standing,
)
from supplyline.report.towns import town_reader, towns_of


def towns_in(run):
    return towns_of(run, *rows_of(run, town_reader()))


def judged(run, *others):
    return judgements(run, *rows_of(run, read_around), *others)


def signs_in(run):
    return indicators(run, *rows_of(run, read_signs))


def standing_in(run):
    return standing(run, *rows_of(run, read_standing))


def corridors_in(run):
    return corridor_rows(run, *rows_of(run, read_corridors))


def accuracy_in(run):
    return accuracy(run, *rows_of(run, read_ahead))


def meant(heat):
    return meanings(heat, *rows_of(heat.run, read_forecast))


def page_of_leader(heat):
    return leader_page(heat, *rows_of(heat.run, read_forecast))
