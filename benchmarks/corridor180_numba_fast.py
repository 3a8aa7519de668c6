# ruff: noqa: ANN001, ANN201, ANN202, C901, D103, E501, N806, NPY002, PLR0912, PLR0915, TID251
"""The reference workload corridor-180 in Numba: trucks skip edges without attack.

Our own earlier code, kept as it was measured, with its definition put before it. It
runs the reference's own law, not the model's: it is a peer in speed only.

TIME        1 tick = 0.1 day; day d = ticks [10d, 10d+10).  A truck enters an edge at an
            integer tick; the day of the entry tick decides which attack state applies.
ATTACKS     attack[d, e] ~ Bernoulli(base[e] * schedule(d)) independent, all trucks share it.
            Days after the horizon (trucks still travelling) are not simulated.
DISPATCH    start of day d, origin o: n ~ Binomial(50, w),
            w = 1/(1+exp(-(A - B*risk_o + C*(Pbar-1)))), risk_o = mean risk of its 2 routes,
            Pbar = mean price of the two products (index, 1 = normal) after day d-1.
            truck i of n: product = diesel if i % 5 < 3 else petrol;
            detour with prob 1/(1+exp(-K*(risk_main - risk_detour)-M)) (M negative: bias to main)
            escorted if the origin is one of the 3 with the largest risk_o (ties: lowest
            index) and i < 30; escorted trucks leave at tick 10d, others at 10d + i % 10.
MOVE        on entering edge e at tick t (day d=t//10 < DAYS):
            struck if attack[d,e] and U < q (escorted: q_esc);
            if struck, outcome ~ (lost, turned back, delayed) (own probabilities if escorted)
            lost / turned back: the trip ends at t;  delayed: edge takes ticks[e] + DELAY;
            otherwise it takes ticks[e].  Leaving the last edge at tick t = arrival on day t//10.
RISK        end of day d, route r: n = arrivals + lost + turned back of route r on day d;
            if n>0: risk = (1-L)*risk + L*bad/n, else risk = F*risk.
MARKET      end of day d, product k, A = 35 m3 * arrivals:
            cover = S/D; target = clip((15/max(cover,.5))**.6, 1, 6); P' = P + .2*(target-P)
            demand = D * P'**-.25 * (1 + .3*clip((P'-P)/P, 0, 1)); sales = min(S+A, demand)
            S' = min(S + A - sales, cap); unmet = demand - sales.
OUTPUT      per replicate: mean delivered m3/day, trucks dispatched/lost/turned back, mean price
            (diesel), peak price, min diesel cover (days), unmet share of demand.
"""

from __future__ import annotations

import math

import numba as nb
import numpy as np

DAYS = 180
TPD = 10  # ticks per day
NC, L = 6, 15  # corridors, edges per corridor
PLANNED = 50  # trucks per origin per day
ESC_ORIGINS, ESC_CAP = 3, 30
VOL = 35.0
Q, Q_ESC = 0.45, 0.15
OUT = (0.40, 0.45, 0.15)  # lost, turned back, delayed
OUT_ESC = (0.20, 0.30, 0.50)
DELAY = 5
A, B, C = 3.0, 12.0, 0.5
K, M = 10.0, -1.5
EWMA, FORGET = 0.15, 0.97
DEMAND = (5400.0, 3600.0)
COVER0, COVER_CAP = 20.0, 30.0
XPOS = (2, 4, 6, 8, 10, 12)


def schedule(day: int) -> float:
    if day < 30:
        return 0.2
    if day < 120:
        return 1.0
    return 0.6


def build() -> dict:
    nodes = ["capital"]
    nid = {}
    for c in range(NC):
        for j in range(L):
            nid[c, j] = len(nodes)
            nodes.append(f"c{c}n{j}")  # j = 0 depot at the border
    edges = []  # (u, v, ticks, base hazard)
    eid = {}
    for c in range(NC):
        for j in range(L):
            u = nid[c, j]
            v = nid[c, j + 1] if j + 1 < L else 0
            ticks = 1 + (7 * c + 3 * j + j // 4) % 3
            base = 0.03 + 0.03 * ((5 * c + 2 * j) % 7) * (0.4 if c in (2, 3) else 1.0)
            eid[c, j] = len(edges)
            edges.append([u, v, ticks, round(base, 4)])
    xid = {}
    for c in range(NC - 1):
        for j in XPOS:
            xid[c, j] = len(edges)
            edges.append([nid[c, j], nid[c + 1, j], 3, 0.02])
    routes = []  # 2 per origin: main, detour
    for c in range(NC):
        routes.append([eid[c, j] for j in range(L)])
        o = c + 1 if c + 1 < NC else c - 1  # neighbour used by the detour
        x = 4 + 2 * (c % 3)
        link = xid[min(c, o), x]
        routes.append(
            [eid[c, j] for j in range(x)] + [link] + [eid[o, j] for j in range(x, L)]
        )
    return {
        "nodes": nodes,
        "edges": edges,
        "routes": routes,
        "schedule": [schedule(d) for d in range(DAYS)],
    }


NET = build()
TICKS = np.array([e[2] for e in NET["edges"]], np.int32)
BASE = np.array([e[3] for e in NET["edges"]])
SCHED = np.array(NET["schedule"])
RLEN = np.array([len(r) for r in NET["routes"]], np.int32)
RT = np.zeros((12, RLEN.max()), np.int32)
for _r, _p in enumerate(NET["routes"]):
    RT[_r, : len(_p)] = _p
DEM = np.array(DEMAND)
PL, QE, OUTE, EW, FG, COV0, CAP = (
    PLANNED,
    Q_ESC,
    OUT_ESC,
    EWMA,
    FORGET,
    COVER0,
    COVER_CAP,
)
EO, EC = ESC_ORIGINS, ESC_CAP

KD = 7  # days a trip can span, with delays
CUM = np.zeros(
    (12, RT.shape[1] + 1), np.int64
)  # tick offset at which position j is entered
for r in range(12):
    for j in range(RLEN[r]):
        CUM[r, j + 1] = CUM[r, j] + TICKS[RT[r, j]]
TOT = np.array([CUM[r, RLEN[r]] for r in range(12)])
WIN = np.zeros((12, TPD, KD), np.int64)  # positions entered k days later, from slot s
for r in range(12):
    for s in range(TPD):
        for j in range(RLEN[r]):
            WIN[r, s, (s + CUM[r, j]) // TPD] |= 1 << j


@nb.njit
def _mask(am, d, r, s):
    m = np.int64(0)
    for k in range(5):  # longest undelayed trip + slot < 50 ticks
        m |= am[d + k, r] & WIN[r, s, k]
    return m


@nb.njit
def one(seed, out):
    np.random.seed(seed)
    E = BASE.size
    am = np.zeros((DAYS + 2 * KD + 4, 12), np.int64)
    att = np.zeros(E, np.uint8)
    for d in range(DAYS):
        for e in range(E):
            att[e] = np.random.random() < SCHED[d] * BASE[e]
        for r in range(12):
            x = np.int64(0)
            for j in range(RLEN[r]):
                x |= np.int64(att[RT[r, j]]) << j
            am[d, r] = x
    arr = np.zeros((DAYS, 2))
    arr_r = np.zeros((DAYS, 12))
    bad = np.zeros((DAYS, 12))
    risk = np.zeros(12)
    ro = np.zeros(6)
    stock = COV0 * DEM
    price = np.ones(2)
    esc = np.zeros(6, np.bool_)
    mk = np.zeros((2, TPD), np.int64)
    disp = lost = turned = unm = dem = psum = 0.0
    pmax = 0.0
    cmin = 1e9
    for d in range(DAYS):
        for o in range(6):
            ro[o] = (risk[2 * o] + risk[2 * o + 1]) / 2
            esc[o] = False
        for _ in range(EO):
            b = -1
            for o in range(6):
                if not esc[o] and (b < 0 or ro[o] > ro[b]):
                    b = o
            esc[b] = True
        pbar = (price[0] + price[1]) / 2
        for o in range(6):
            n = np.random.binomial(
                PL, 1 / (1 + math.exp(-(A - B * ro[o] + C * (pbar - 1))))
            )
            pd = 1 / (1 + math.exp(-K * (risk[2 * o] - risk[2 * o + 1]) - M))
            disp += n
            for q in range(2):
                for s in range(TPD):
                    mk[q, s] = _mask(am, d, 2 * o + q, s)
            for i in range(n):
                es = esc[o] and i < EC
                det = 1 if np.random.random() < pd else 0
                r = 2 * o + det
                s = 0 if es else i % TPD
                t0 = d * TPD + s
                m = mk[det, s]
                ok = True
                while m:
                    low = m & -m  # next attacked edge on the way
                    m ^= low
                    if np.random.random() < (QE if es else Q):
                        j = 0
                        while (low >> j) > 1:
                            j += 1
                        x = np.random.random()
                        a = OUTE[0] if es else OUT[0]
                        if x < a + (OUTE[1] if es else OUT[1]):
                            if x < a:
                                lost += 1
                            else:
                                turned += 1
                            bad[(t0 + CUM[r, j]) // TPD, r] += 1
                            ok = False
                            break
                        t0 += DELAY
                        m = _mask(am, t0 // TPD, r, t0 % TPD) & ~((low << 1) - 1)
                if ok:
                    day = (t0 + TOT[r]) // TPD
                    if day < DAYS:
                        arr[day, 0 if i % 5 < 3 else 1] += 1
                        arr_r[day, r] += 1
        for k in range(2):
            D = DEM[k]
            Av = VOL * arr[d, k]
            S = stock[k]
            P = price[k]
            target = min(max((15.0 / max(S / D, 0.5)) ** 0.6, 1.0), 6.0)
            P2 = P + 0.2 * (target - P)
            q_ = D * P2**-0.25 * (1 + 0.3 * min(max((P2 - P) / P, 0.0), 1.0))
            sales = min(S + Av, q_)
            stock[k] = min(S + Av - sales, CAP * D)
            price[k] = P2
            unm += q_ - sales
            dem += q_
        psum += price[0]
        pmax = max(pmax, price[0])
        cmin = min(cmin, stock[0] / DEM[0])
        for r in range(12):
            n = arr_r[d, r] + bad[d, r]
            risk[r] = (1 - EW) * risk[r] + EW * bad[d, r] / n if n > 0 else FG * risk[r]
    out[0] = VOL * arr.sum() / DAYS
    out[1] = disp
    out[2] = lost
    out[3] = turned
    out[4] = psum / DAYS
    out[5] = pmax
    out[6] = cmin
    out[7] = unm / dem


@nb.njit
def many(n, seed):
    res = np.zeros((n, 8))
    for i in range(n):
        one(seed + i, res[i])
    return res
