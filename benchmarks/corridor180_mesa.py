"""corridor180 in Mesa 3: one agent per truck on its way; a model step is a day.

mode "day"   every truck's step() counts its days down (the textbook form)
mode "due"   trucks stand in a calendar and act on the day on which something happens
mode "walk"  as "day", but a truck moves segment by segment along its way each day
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import mesa
from corridor180_rules import Country

if TYPE_CHECKING:
    from corridor180_case import Definition

MODES = ("day", "due", "walk")


class Truck(mesa.Agent):
    """A truck on its way to the capital or home."""

    def __init__(
        self, model: MesaCountry, number: int, product: int, days: int
    ) -> None:
        super().__init__(model)
        self.number = number
        self.product = product
        self.days = days
        self.is_loaded = True
        self.position = 0.0
        self.pace = len(model.country.definition.routes[number].exposure) / (days + 1)
        self.due = model.country.day + days
        if model.mode == "due":
            model.due[self.due].append(self)

    def step(self) -> None:
        """Count a day down; arrive, or stand idle at home."""
        if self.days > 0:
            self.days -= 1
        else:
            self.arrive()

    def walk(self) -> None:
        """Move on by a day's segments; arrive, or stand idle at home."""
        goal = self.position + self.pace
        while self.position + 1.0 <= goal:
            self.position += 1.0
        self.position = goal
        self.step()

    def arrive(self) -> None:
        """Unload and turn home, or stand idle."""
        country = self.model.country
        route = country.definition.routes[self.number]
        if self.is_loaded:
            country.unload(self.product)
            self.is_loaded = False
            home = country.way_home(route)
            self.days = home - 1
            if self.model.mode == "due":
                self.model.due[country.day + home].append(self)
        else:
            country.idle[route.fleet] += 1
            self.remove()


class MesaCountry(mesa.Model):
    """The country as a Mesa model."""

    def __init__(self, definition: Definition, seed: int, mode: str = "due") -> None:
        super().__init__(rng=seed)
        self.mode = mode
        self.country = Country(definition, seed)
        self.due: dict[int, list[Truck]] = defaultdict(list)
        self.fill_roads()

    def fill_roads(self) -> None:
        """Put the trucks of a steady flow on the road, there and back."""
        country = self.country
        country.ask()
        for number, corridor in enumerate(country.corridors):
            route = corridor.route
            flow = route.share * country.need / country.params["truck_kl"]
            for day in range(country.lead(route, 0.0)):
                for product in country.split(corridor, country.whole(flow)):
                    Truck(self, number, product, day)
                    country.idle[route.fleet] -= 1
            for day in range(country.way_home(route)):
                for _ in range(int(country.whole(flow))):
                    Truck(self, number, 0, day).is_loaded = False
                    country.idle[route.fleet] -= 1
            corridor.due_to_load, corridor.due_to_leave = country.luck(), country.luck()
            corridor.waiting = flow // 1
            country.idle[route.fleet] -= corridor.waiting

    def depart(self, number: int, size: float, escorts: float) -> float:
        """Let a group leave; return the trucks that turned back."""
        country = self.country
        left, back, delay = country.cross(number, size, escorts)
        if left:
            corridor = country.corridors[number]
            lead = country.lead(corridor.route, delay)
            for product in country.split(corridor, left):
                Truck(self, number, product, lead)
        return back

    def halt(self) -> None:
        """Let some of the trucks on their way rejoin the queue at the announcement."""
        country = self.country
        for truck in list(self.agents):
            share = country.params["halted_share"]
            if truck.is_loaded and country.luck() < share:
                country.corridors[truck.number].waiting += 1
                if self.mode == "due":
                    self.due[truck.due].remove(truck)
                truck.remove()

    def send_groups(self) -> None:
        """Send those who dare, and take back those who turn back."""
        country = self.country
        for number, corridor in enumerate(country.corridors):
            groups = country.groups(country.load(corridor))
            back = sum(self.depart(number, size, 0.0) for size in groups)
            country.take_back(number, back)

    def send_convoys(self) -> None:
        """Send convoys while escorts are free and a queue is long enough."""
        country = self.country
        country.free_escorts()
        is_stopped = country.day < country.suspension_end
        while not is_stopped and (convoy := country.next_convoy()):
            number, trucks = convoy
            country.take_back(number, self.depart(number, trucks, 1.0))

    def step(self) -> None:
        """Live one day."""
        country = self.country
        if country.is_banned():
            country.move_posture()
        country.ask()
        if country.day == country.definition.ban_day:
            self.halt()
        self.send_groups()
        if country.is_banned():
            self.send_convoys()
        if self.mode == "due":
            for truck in self.due.pop(country.day, ()):
                truck.arrive()
        else:
            self.agents.do("step" if self.mode == "day" else "walk")
        country.trade()
        country.day += 1

    def run(self) -> tuple[float, ...]:
        """Live all days and return the outputs."""
        for _ in range(self.country.definition.days):
            self.step()
        return self.country.outputs()
