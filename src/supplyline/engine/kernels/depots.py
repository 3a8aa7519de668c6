"""Places and their depots: demand, stocks, private tanks, and the books of fuel."""

from __future__ import annotations


class Place:
    """A place with a depot."""

    region: int
    """Region it lies in."""
    fed_share: float
    """Sum of the shares of its feeds [1]."""


class PlaceDay:
    """What the calendar says of a place on a day."""

    power_priority: float
    """Factor on what its power plants may buy [1]."""
    grid_h: float
    """Electricity of dams and lines; negative where the parameter holds [h/day]."""


class Depot:
    """Demand on one product at one place, and what its depot is for."""

    essential: float
    """Demand of army, hospitals and relief [kl/day]."""
    power: float
    """Demand of power plants [kl/day]."""
    industry: float
    """Demand of mines and factories [kl/day]."""
    public: float
    """Demand of the public [kl/day]."""
    demand: float
    """All demand, with that of places fed from here [kl/day]."""
    public_demand: float
    """The public's part of ``demand`` [kl/day]."""
    target: float
    """Stock aimed at [kl]."""
    initial: float
    """Stock on the first day [kl]."""
    capacity: float
    """Most the depot holds [kl]."""
    production: float
    """Made there in a day [kl/day]."""
    street_price: float
    """Usual price on the street; 0 where it is the official one [currency/l]."""
    backstop: float
    """Multiple at which fuel comes by motorbike and jerrycan [1]."""
    informal_share: float
    """Most of public demand that comes that way [1]."""
    made_share: float
    """Share of the demand that is made on the spot [1]."""
    informal_kl: float
    """Most that comes that way besides, whatever the demand [kl/day]."""


class PlaceState:
    """State of a place."""

    served: float
    """Share of what the public wanted that it got [1]."""
    fear: float
    """Fear of shortage [1]."""
    need: float
    """Deliveries asked of importers today, all products [kl]."""
    people: float
    """People of its region against the first day's [1]."""
    covered: float
    """Share of its need that its ways let through [1]."""
    power_wish: float
    """What power plants may buy today over what they need in a usual month [1]."""


class DepotState:
    """State of one product at one place."""

    stock: float
    """Stock at the end of the day [kl]."""
    holdings: float
    """Private tanks and jerrycans [kl]."""
    multiple: float
    """Parallel price over what is usual here [1]."""
    need: float
    """Deliveries asked for today [kl]."""
    ordered: float
    """What importers can pay for of it [kl]."""
    mix: float
    """Share of the product in loads for the place [1]."""
    spare_need: float
    """Asked of it by places that it does not usually feed so much [kl]."""


class Account:
    """Books of one product: what enters and leaves depots and internal roads [kl]."""

    stock_start: float
    internal_start: float
    imported: float
    produced: float
    informal: float
    sold: float
    sold_public: float
    refused: float
    internal_lost: float
    used: float
    holdings_start: float
