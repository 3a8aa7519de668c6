"""corridor180 in SimPy: one process per truck on its way, one for the days.

A truck on its own draws its fate on every segment when it leaves, as the model says;
a group or convoy of several draws it together. With `by_segment` a truck also waits out
each segment of its way; the law is the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import simpy
from corridor180_rules import TICKS, Country

if TYPE_CHECKING:
    from collections.abc import Generator

    from corridor180_case import Definition
    from simpy.events import Event


class Truck:
    """A truck on its way."""

    __slots__ = ("is_halted", "is_loaded", "number", "product")

    def __init__(self, number: int, product: int) -> None:
        self.number = number
        self.product = product
        self.is_loaded = True
        self.is_halted = False


class SimpyCountry(Country):
    """The country on a SimPy clock, a quarter of a day a tick."""

    def __init__(
        self, definition: Definition, seed: int, *, by_segment: bool = False
    ) -> None:
        super().__init__(definition, seed)
        self.by_segment = by_segment
        self.env = simpy.Environment()
        self.on_road: list[Truck] = []
        self.env.process(self.live())

    def trip(self, truck: Truck, lead: int) -> Generator[Event]:
        """Drive to the capital, unload, drive home."""
        if self.day < self.definition.ban_day:
            self.on_road.append(truck)
        route = self.definition.routes[truck.number]
        ticks = TICKS * lead + 1
        if self.by_segment:
            parts = len(route.exposure)
            for part in range(parts):
                end, start = ticks * (part + 1) // parts, ticks * part // parts
                yield self.env.timeout(end - start)
        else:
            yield self.env.timeout(ticks)
        truck.is_loaded = False
        if truck.is_halted:
            return
        self.unload(truck.product)
        yield self.env.timeout(TICKS * self.way_home(route))
        self.idle[route.fleet] += 1

    def empty(self, fleet: int, days: int) -> Generator[Event]:
        """Drive home from before the start."""
        yield self.env.timeout(TICKS * days + 1)
        self.idle[fleet] += 1

    def group(self, number: int, size: float) -> Generator[Event]:
        """Leave without escort; a truck on its own drives on in this process."""
        left, back, delay = self.cross(number, size, 0.0)
        if back:
            self.take_back(number, back)
        if not left:
            return
        corridor = self.corridors[number]
        lead = self.lead(corridor.route, delay)
        products = self.split(corridor, left)
        for product in products[1:]:
            self.env.process(self.trip(Truck(number, product), lead))
        yield from self.trip(Truck(number, products[0]), lead)

    def convoy(self, number: int, trucks: float) -> None:
        """Leave under escort, all trucks together."""
        left, back, delay = self.cross(number, trucks, 1.0)
        self.take_back(number, back)
        lead = self.lead(self.corridors[number].route, delay)
        for product in self.split(self.corridors[number], left):
            self.env.process(self.trip(Truck(number, product), lead))

    def fill_roads(self) -> None:
        """Put the trucks of a steady flow on the road, there and back."""
        self.ask()
        for number, corridor in enumerate(self.corridors):
            route = corridor.route
            flow = route.share * self.need / self.params["truck_kl"]
            for day in range(self.lead(route, 0.0)):
                for product in self.split(corridor, self.whole(flow)):
                    self.env.process(self.trip(Truck(number, product), day))
                    self.idle[route.fleet] -= 1
            for day in range(self.way_home(route)):
                for _ in range(int(self.whole(flow))):
                    self.env.process(self.empty(route.fleet, day))
                    self.idle[route.fleet] -= 1
            corridor.due_to_load, corridor.due_to_leave = self.luck(), self.luck()
            corridor.waiting = flow // 1
            self.idle[route.fleet] -= corridor.waiting

    def halt(self) -> None:
        """Let some of the trucks on their way rejoin the queue at the announcement."""
        for truck in self.on_road:
            if truck.is_loaded and self.luck() < self.params["halted_share"]:
                truck.is_halted = True
                self.corridors[truck.number].waiting += 1
        self.on_road.clear()

    def live(self) -> Generator[Event]:
        """Take the country from day to day."""
        self.fill_roads()
        yield self.env.timeout(0)
        for day in range(self.definition.days):
            self.day = day
            if self.is_banned():
                self.move_posture()
            self.ask()
            if day == self.definition.ban_day:
                self.halt()
            for number, corridor in enumerate(self.corridors):
                for size in self.groups(self.load(corridor)):
                    self.env.process(self.group(number, size))
            yield self.env.timeout(0)
            if self.is_banned():
                self.free_escorts()
                self.send_convoys()
            yield self.env.timeout(2)
            self.trade()
            yield self.env.timeout(TICKS - 2)

    def send_convoys(self) -> None:
        """Send convoys while escorts are free and a queue is long enough."""
        is_stopped = self.day < self.suspension_end
        while not is_stopped and (convoy := self.next_convoy()):
            self.convoy(*convoy)

    def run(self) -> tuple[float, ...]:
        """Live all days and return the outputs."""
        self.env.run(until=TICKS * self.definition.days)
        return self.outputs()
