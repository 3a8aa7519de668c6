"""The law of the case corridor180 in plain Python, for the SimPy and Mesa forms.

Written from the rules of the model, with NumPy's own generator; nothing here comes from
the engine. A form says how its agents travel; `Country` says what people decide.

A day has four ticks: decisions and departures at its start, arrivals and returns at
tick 1, the market at tick 2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from corridor180_case import PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor180_case import Definition, Route

OUTPUTS = (
    "delivered_kl_per_day",
    "dispatched",
    "lost",
    "turned_back",
    "mean_multiple_diesel",
    "peak_multiple_diesel",
    "least_days_of_supply_diesel",
    "unmet_share",
)
"""What the forms are compared on."""

TICKS = 4
LONGEST_LEAD_DAYS = 60
CALM, PRESSURE, PULSE, PAUSE = range(4)
CHUNK = 65536


class Corridor:
    """State of a corridor."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.willingness = 1.0
        self.waiting = 0.0
        self.sent = self.lost = self.harmed = 0.0
        self.due_to_load = self.due_to_leave = 0.0
        self.balance = [0.0, 0.0]


class Country:
    """One member: what operators, the state, the armed group and the public do."""

    def __init__(self, definition: Definition, seed: int) -> None:
        self.definition = definition
        self.params = dict(definition.params)
        self.rng = np.random.default_rng([180, seed])
        self.uniforms: Iterator[float] = iter(())
        self.corridors = [Corridor(route) for route in definition.routes]
        self.idle = list(definition.fleets)
        self.strike_end = [0.0] * len(definition.fleets)
        self.suspension_end = 0.0
        self.escort_credit = 0.0
        self.escort_day = float(definition.escort_day)
        self.posture, self.posture_end = CALM, 0.0
        self.stock = list(definition.stock)
        days = self.params["holding_days"]
        self.holdings = [days * demand[3] for demand in definition.demand]
        self.multiple = [1.0, 1.0]
        self.need = self.mix = 0.0
        self.fear, self.served = 0.0, 1.0
        self.day = 0
        self.lost_today = 0.0
        self.chance: dict[tuple[int, float, float], list[float]] = {}
        self.total = dict.fromkeys(("sent", "lost", "back", "arrived"), 0.0)
        self.unmet = 0.0
        self.multiples: list[float] = []
        self.days_of_supply: list[float] = []

    # luck

    def luck(self) -> float:
        """Draw a uniform."""
        for u in self.uniforms:
            return u
        self.uniforms = iter(self.rng.random(CHUNK).tolist())
        return next(self.uniforms)

    def whole(self, amount: float) -> float:
        """Round to a neighbouring whole number so that the mean is kept."""
        return math.floor(amount + self.luck())

    def lognormal(self, median: float, sd_log: float) -> float:
        """Draw from a lognormal distribution."""
        return float(self.rng.lognormal(math.log(median), sd_log))

    # the armed group

    def move_posture(self) -> None:
        """Move from posture to posture while the ban holds."""
        p = self.params
        if self.posture != CALM and self.day < self.posture_end:
            return
        if self.posture == CALM and self.luck() < p["opening_pulse_probability"]:
            self.posture = PULSE
        elif self.posture != PRESSURE:
            self.posture = PRESSURE
        else:
            self.posture = PAUSE if self.luck() < p["pause_probability"] else PULSE
        name = {PRESSURE: "pressure", PULSE: "pulse", PAUSE: "pause"}[self.posture]
        days = self.lognormal(p[f"{name}_days"], p[f"{name}_sd_log"])
        self.posture_end = self.day + max(1.0, days)

    def effort(self) -> float:
        """Return the effort against roads."""
        p = self.params
        pressed = p["pulse_multiplier"], p["pause_multiplier"]
        return (0.0, 1.0, *pressed)[self.posture]

    def chances(self, number: int, trucks: float, effort: float) -> list[float]:
        """Return the chance to meet somebody on each segment of a corridor."""
        key = (number, trucks, effort)
        if key not in self.chance:
            p = self.params
            size = trucks / p["reference_convoy_trucks"]
            rate = effort * p["encounter_rate_per_100km"]
            rate *= size ** p["convoy_size_exponent"]
            exposure = self.definition.routes[number].exposure
            self.chance[key] = [1.0 - math.exp(-rate * e) for e in exposure]
        return self.chance[key]

    def cross(
        self, number: int, trucks: float, escorts: float
    ) -> tuple[float, float, float]:
        """Take a group over its segments: who goes on, who turns back, days lost."""
        effort = self.effort()
        if effort <= 0.0:
            return trucks, 0.0, 0.0
        chances = self.chances(number, trucks, effort)
        delay, luck = 0.0, self.luck
        for segment in range(len(chances)):
            if luck() >= chances[segment]:
                continue
            if luck() < self.break_chance(trucks, escorts):
                trucks -= self.lose(number, trucks)
                if luck() < self.params["turn_back_probability"]:
                    return 0.0, trucks, delay
                if trucks == 0.0:
                    break
                chances = self.chances(number, trucks, effort)
            delay += self.params["encounter_delay_days"]
        return trucks, 0.0, delay

    def break_chance(self, trucks: float, escorts: float) -> float:
        """Return the chance that an encounter breaks a group."""
        p = self.params
        span = max(1.0, trucks / p["escort_span_trucks"])
        defence = p["defence_unescorted"] + p["escort_effect"] * escorts / span
        attack = p["group_quality"] ** p["contest_exponent"]
        return float(attack / (attack + defence ** p["contest_exponent"]))

    def lose(self, number: int, trucks: float) -> float:
        """Lose part of a broken group."""
        p, corridor = self.params, self.corridors[number]
        a = p["loss_share_mean"] * p["loss_share_concentration"]
        share = self.rng.beta(a, p["loss_share_concentration"] - a)
        lost = math.floor(share * min(trucks, p["reach_trucks"]) + 0.5)
        if lost == 0:
            return 0.0
        abducted = self.rng.binomial(lost, p["driver_abducted_probability"])
        killed = self.rng.binomial(lost, p["driver_killed_probability"])
        corridor.lost += lost
        corridor.harmed += abducted + killed
        self.lost_today += lost
        if lost >= p["large_loss_trucks"]:
            self.stop_after_loss(corridor.route.fleet)
        return lost

    def stop_after_loss(self, fleet: int) -> None:
        """Let operators refuse, and convoys stop, for some days."""
        p = self.params
        until = self.day + self.lognormal(p["strike_days"], p["strike_sd_log"])
        if self.luck() < p["strike_probability"]:
            self.strike_end[fleet] = max(self.strike_end[fleet], until)
        if self.luck() < p["suspension_probability"]:
            self.suspension_end = max(self.suspension_end, until)

    # operators and the state

    def season(self) -> float:
        """Return the factor of the rains on public demand."""
        rain = self.definition.rain[self.day]
        return 1.0 - rain * (1.0 - self.params["rainy_demand_factor"])

    def paid_power(self) -> float:
        """Return the share of their need that power plants can pay for."""
        if self.posture == CALM:
            return 1.0
        p, floor = self.params, self.params["power_floor_share"]
        return p["power_share"] * (floor + (1.0 - floor) * self.served)

    def ask(self) -> None:
        """Ask for what is bought and part of what the stock lacks; mix the loads."""
        p, wanted, bought = self.params, [], []
        dry, unpaid = 1.0 - self.season(), 1.0 - self.paid_power()
        for product, by_class in enumerate(self.definition.demand):
            daily = sum(by_class) - dry * by_class[3] - unpaid * by_class[1]
            gap = self.definition.stock[product] - self.stock[product]
            need = max(daily + gap / p["restock_days"], 0.0)
            wanted.append(min(need, p["need_cap"] * daily))
            bought.append(daily)
        self.need = sum(wanted)
        by_demand = bought[0] / sum(bought)
        by_need = wanted[0] / self.need if self.need > 0.0 else by_demand
        share = p["mix_by_gap_share"]
        self.mix = (1.0 - share) * by_demand + share * by_need

    def move_willingness(self, corridor: Corridor) -> None:
        """Follow the ban, shrink from losses, calm slowly."""
        p, target = self.params, 1.0
        if self.is_banned():
            target = p["ban_willingness_share"]
            if self.posture == PAUSE:
                target += p["pause_willingness_share"] * (1.0 - target)
        pace = p["willingness_recovery_per_day"]
        if corridor.willingness > target:
            pace = 1.0 - math.exp(-1.0 / p["announcement_days"])
        willing = corridor.willingness + pace * (target - corridor.willingness)
        if corridor.lost > 0.0:
            willing *= 1.0 - p["loss_aversion"] * min(
                1.0, corridor.lost / corridor.sent
            )
        if corridor.harmed > 0.0:
            willing *= 1.0 - p["driver_aversion"]
        corridor.willingness = willing
        corridor.sent = corridor.lost = corridor.harmed = 0.0

    def is_banned(self) -> bool:
        """Say whether the ban holds today."""
        return self.day >= self.definition.ban_day

    def lead(self, route: Route, delay: float) -> int:
        """Return whole days from departure to arrival."""
        p = self.params
        search = p["mine_delay_days_per_100km"] * self.effort() * sum(route.exposure)
        days = route.travel_h / p["driving_h_per_day"] + p["clearance_h"] / 24.0
        return min(LONGEST_LEAD_DAYS, max(1, int(days + search + delay + 0.5)))

    def way_home(self, route: Route) -> int:
        """Return whole days from unloading to standing idle at the origin."""
        p = self.params
        days = route.travel_h / p["driving_h_per_day"] + p["loading_days"]
        return max(1, int(days + 0.5))

    def next_product(self, corridor: Corridor) -> int:
        """Give the next truck the product that is furthest behind the mix."""
        balance = corridor.balance
        balance[0] += self.mix
        balance[1] += 1.0 - self.mix
        product = int(balance[1] > balance[0])
        balance[product] -= 1.0
        return product

    def split(self, corridor: Corridor, trucks: float) -> list[int]:
        """Give products to the trucks of one group."""
        return [self.next_product(corridor) for _ in range(int(trucks))]

    def load(self, corridor: Corridor) -> float:
        """Load idle trucks; return those whose operators dare today."""
        self.move_willingness(corridor)
        p, fleet = self.params, corridor.route.fleet
        asked = corridor.route.share * self.need / p["truck_kl"]
        if asked <= 0.0:
            return 0.0
        gateway = p["gateway_capacity_trucks"] * corridor.route.room_share
        room = math.floor(max(gateway, 2.0 * asked, 1.0) - corridor.waiting)
        due = corridor.due_to_load + asked
        loaded = min(due // 1, max(room, 0.0), self.idle[fleet])
        corridor.due_to_load = min(due - loaded, 1.0)
        corridor.waiting += loaded
        self.idle[fleet] -= loaded
        if self.day < self.strike_end[fleet] or corridor.willingness <= 0.0:
            return 0.0
        due = corridor.due_to_leave + corridor.willingness * asked
        trucks = min(due // 1, corridor.waiting)
        corridor.due_to_leave = min(due - trucks, 1.0)
        corridor.waiting -= trucks
        corridor.sent += trucks
        self.total["sent"] += trucks
        return trucks

    def groups(self, trucks: float) -> list[float]:
        """Cut a day's flow into groups."""
        size = max(1.0, math.floor(self.params["group_trucks"] + 0.5))
        rest = trucks % size
        return [size] * int(trucks // size) + ([rest] if rest else [])

    def take_back(self, number: int, trucks: float) -> None:
        """Let trucks that turned back join their queue."""
        self.corridors[number].waiting += trucks
        self.total["back"] += trucks

    def free_escorts(self) -> None:
        """Add the escort packages that came back."""
        p = self.params
        grown = (self.day - self.escort_day) / p["escort_ramp_days"]
        first, last = p["escort_packages_initial"], p["escort_packages_final"]
        packages = first + (last - first) * min(1.0, max(0.0, grown))
        credit = self.escort_credit + packages / p["escort_cycle_days"]
        self.escort_credit = min(credit, max(1.0, packages))

    def next_convoy(self) -> tuple[int, float] | None:
        """Take the next convoy from the longest queue: corridor and trucks."""
        if self.day < self.suspension_end or self.escort_credit < 1.0:
            return None
        queues = [corridor.waiting for corridor in self.corridors]
        longest = max(queues)
        if longest < self.params["convoy_min_trucks"]:
            return None
        number = queues.index(longest)
        trucks = min(longest, math.floor(self.params["convoy_cap_trucks"]))
        self.escort_credit -= 1.0
        self.corridors[number].waiting -= trucks
        self.corridors[number].sent += trucks
        self.total["sent"] += trucks
        return number, trucks

    def unload(self, product: int) -> None:
        """Unload a truck; what the depot has no room for is refused."""
        stock = self.stock[product] + self.params["truck_kl"]
        self.stock[product] = min(self.definition.capacity[product], stock)
        self.total["arrived"] += 1.0

    # the public

    def low_days(self, days: float, products: tuple[int, ...]) -> float:
        """Return the days of supply that count as low, less where stocks are small."""
        demand = sum(sum(self.definition.demand[product]) for product in products)
        normal = sum(self.definition.stock[product] for product in products) / demand
        return min(days, self.params["low_stock_share"] * normal)

    def quota(self, product: int) -> float:
        """Return the share of demand released at today's stock."""
        p = self.params
        full = self.low_days(p["quota_days"], (product,))
        least = p["quota_floor_share"] * full
        days = self.stock[product] / sum(self.definition.demand[product])
        position = min(1.0, max(0.0, (days - least) / (full - least)))
        return p["quota_min_share"] + position * (1.0 - p["quota_min_share"])

    def serve_priority(self, product: int, quota: float) -> None:
        """Serve essential users, power and industry in this order."""
        demand = self.definition.demand[product]
        power = demand[1] * self.paid_power()
        for wanted in (demand[0], power, demand[2] * quota):
            self.stock[product] -= min(self.stock[product], wanted)

    def move_price(self, product: int, met: float) -> None:
        """Move the log of the parallel price towards scarcity."""
        p, span = self.params, self.params["backstop_multiple"] - 1.0
        lack = -math.log(max(met, p["served_floor"])) / p["price_semi_elasticity"]
        target = 1.0 + span * (1.0 - math.exp(-lack / span))
        pace = p["price_adjustment_per_day"]
        self.multiple[product] **= 1.0 - pace
        self.multiple[product] *= target**pace

    def informal(self, product: int, demand: float, unserved: float) -> float:
        """Return what comes by motorbike."""
        p, above = self.params, self.multiple[product] - 1.0
        nearness = above / (p["backstop_multiple"] - 1.0)
        offered = p["informal_share"] * demand * min(1.0, max(0.0, nearness))
        bought = unserved * math.exp(-p["price_semi_elasticity"] * above)
        return max(0.0, min(offered, bought))

    def serve_public(self, product: int, quota: float) -> tuple[float, float]:
        """Sell to the public: what it wanted and what it got."""
        p, demand = self.params, self.definition.demand[product][3] * self.season()
        held = p["holding_days"] + p["holding_fear_days"] * self.fear
        extra = (demand * held - self.holdings[product]) / p["hoarding_days"]
        wanted = demand + min(demand, max(-demand, extra))
        sold = min(self.stock[product], wanted * quota)
        got = sold + self.informal(product, demand, wanted - sold)
        self.stock[product] -= sold
        self.holdings[product] = max(0.0, self.holdings[product] + got - demand)
        used = min(demand, wanted)  # prices follow use, and not what is hoarded
        if used > 0.0:
            self.move_price(product, min(1.0, got / used))
        return wanted, got

    def trade(self) -> None:
        """Serve all users; let fear and price follow; close the day."""
        p, wanted, got = self.params, 0.0, 0.0
        demand = [sum(by_class) for by_class in self.definition.demand]
        for product in range(len(PRODUCTS)):
            quota = self.quota(product)
            self.serve_priority(product, quota)
            want, have = self.serve_public(product, quota)
            wanted, got = wanted + want, got + have
        self.served = got / wanted if wanted > 0.0 else 1.0
        low = self.low_days(p["fear_low_days"], (0, 1))
        is_low = sum(self.stock) / sum(demand) < low
        cause = 1.0 - self.served + (p["fear_low_weight"] if is_low else 0.0)
        cause += p["fear_news_per_truck"] * self.lost_today
        fear = self.fear + p["fear_rate_per_day"] * (cause - self.fear)
        self.fear = min(1.0, max(0.0, fear))
        self.total["lost"] += self.lost_today
        self.lost_today = 0.0
        self.unmet += wanted - got
        self.multiples.append(self.multiple[0])
        self.days_of_supply.append(self.stock[0] / demand[0])

    def outputs(self) -> tuple[float, ...]:
        """Return the outputs in the order of `OUTPUTS`."""
        days, total = self.definition.days, self.total
        public = sum(by_class[3] for by_class in self.definition.demand)
        return (
            total["arrived"] * self.params["truck_kl"] / days,
            total["sent"],
            total["lost"],
            total["back"],
            sum(self.multiples) / days,
            max(self.multiples),
            min(self.days_of_supply),
            self.unmet / (public * days),
        )
