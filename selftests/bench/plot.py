# SPDX-License-Identifier: GPL-2.0-only
"""The figures as an SVG: eight panels, logarithmic axes, quartiles as bars."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 960, 1360
PANEL_W, PANEL_H = 380, 230
LEFT, TOP, GAP_X, GAP_Y = 80, 90, 90, 90

COLOURS = {"ours": "#1f5fa8", "ours-by-fd": "#4aa3df", "mainline": "#d9702b",
           "floor": "#777777", "limit": "#b03030"}
NAMES = {"ours": "rproc_lite, by name", "ours-by-fd": "rproc_lite, by file descriptor",
         "mainline": "mainline remoteproc", "floor": "floor", "limit": "limit of 128 KiB"}


class Panel:
    """One set of axes; x and y are values, X and Y where they are drawn."""

    def __init__(self, left, top, title, xs, ys):
        self.left, self.top, self.title = left, top, title
        self.x_range = (math.log10(min(xs)) - .15, math.log10(max(xs)) + .15)
        self.y_range = (math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys))))
        if self.y_range[0] == self.y_range[1]:
            self.y_range = (self.y_range[0], self.y_range[1] + 1)
        self.parts = []

    def X(self, x):
        low, high = self.x_range
        return self.left + PANEL_W * (math.log10(x) - low) / (high - low)

    def Y(self, y):
        low, high = self.y_range
        return self.top + PANEL_H * (1 - (math.log10(y) - low) / (high - low))

    def line(self, x1, y1, x2, y2, colour, width=1, dash=""):
        dash = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"{dash}/>')

    def text(self, x, y, text, size=11, anchor="middle", colour="#222222", turn=0):
        turn = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
                          f'text-anchor="{anchor}"{turn}>{escape(text)}</text>')

    def frame(self, y_name, y_label):
        self.text(self.left + PANEL_W / 2, self.top - 10, self.title, 13)
        for power in range(self.y_range[0], self.y_range[1] + 1):
            y = self.Y(10.0 ** power)
            self.line(self.left, y, self.left + PANEL_W, y, "#dddddd")
            self.text(self.left - 6, y + 4, y_label(10.0 ** power), anchor="end")
        self.line(self.left, self.top, self.left, self.top + PANEL_H, "#222222")
        self.line(self.left, self.top + PANEL_H, self.left + PANEL_W, self.top + PANEL_H,
                  "#222222")
        self.text(self.left - 58, self.top + PANEL_H / 2, y_name, 12, turn=-90)

    def x_ticks(self, ticks, x_name):
        for x, label in ticks:
            self.line(self.X(x), self.top + PANEL_H, self.X(x), self.top + PANEL_H + 4, "#222222")
            self.text(self.X(x), self.top + PANEL_H + 17, label)
        self.text(self.left + PANEL_W / 2, self.top + PANEL_H + 35, x_name, 12)

    def mark(self, x, s, scale, side, shift=0):
        at = self.X(x) + shift
        self.line(at, self.Y(s["q1"] / scale), at, self.Y(s["q3"] / scale), COLOURS[side], 3)
        self.parts.append(f'<circle cx="{at:.1f}" cy="{self.Y(s["median"] / scale):.1f}" r="4" '
                          f'fill="{COLOURS[side]}"/>')

    def series(self, points, scale, side):
        """Points are (x, spread); the floor is a line without marks."""
        for (x1, s1), (x2, s2) in zip(points, points[1:]):
            self.line(self.X(x1), self.Y(s1["median"] / scale), self.X(x2),
                      self.Y(s2["median"] / scale), COLOURS[side], 1.5,
                      "6 4" if side == "floor" else "")
        for x, s in points:
            if side != "floor":
                self.mark(x, s, scale, side)

    def level(self, y, side, text):
        self.line(self.left, self.Y(y), self.left + PANEL_W, self.Y(y), COLOURS[side], 1.5, "6 4")
        self.text(self.left + PANEL_W - 4, self.Y(y) - 5, text, anchor="end",
                  colour=COLOURS[side])


def points_of(figures, what):
    """{side: [(parameter, spread)]}"""
    points = {}
    for f in figures:
        if f["what"] != what:
            continue
        for side, s in ((f["side"], f["ours"]), ("mainline", f["mainline"]), ("floor", f["floor"])):
            if s and (f["parameter"], s) not in points.setdefault(side, []):
                points[side].append((f["parameter"], s))
    return points


def plain(value):
    return f"{value:g}" if value < 1e6 else f"1e{math.log10(value):.0f}"


def by_size(left, top, title, figures, what, scale, y_name, x_name="image, MiB", limit=None):
    points = points_of(figures, what)
    if not points:
        return []
    xs = [x for p in points.values() for x, _ in p]
    ys = [s[k] / scale for p in points.values() for _, s in p for k in ("q1", "q3")]
    panel = Panel(left, top, title, xs, ys + ([limit / scale] if limit else []))
    panel.frame(y_name, plain)
    panel.x_ticks([(x, str(x)) for x in sorted(set(xs))], x_name)
    if limit:
        panel.level(limit / scale, "limit", "limit: 128 KiB")
    for side, p in points.items():
        panel.series(p, scale, side)
    return panel.parts


def by_kind(left, top, title, figures, kinds, scale, y_name):
    """Things that do not depend on the size, side by side."""
    ticks, marks = [], []
    for what, label in kinds:
        points = points_of(figures, what)
        if not points:
            continue
        x = 10.0 ** len(ticks)
        ticks.append((x, label))
        marks += [(x, side, p[0][1]) for side, p in points.items()]
    if not marks:
        return []
    ys = [s[k] / scale for _, _, s in marks for k in ("q1", "q3")]
    panel = Panel(left, top, title, [.5] + [t[0] * 2 for t in ticks], ys)
    panel.frame(y_name, plain)
    panel.x_ticks(ticks, "")
    for x, side, s in marks:
        panel.mark(x, s, scale, side, {"ours": -10, "mainline": 10}.get(side, 0))
    return panel.parts


def legend():
    parts, x = [], LEFT
    for side in ("ours", "ours-by-fd", "mainline", "floor"):
        dash = ' stroke-dasharray="6 4"' if side == "floor" else ""
        parts.append(f'<line x1="{x}" y1="48" x2="{x + 26}" y2="48" stroke="{COLOURS[side]}" '
                     f'stroke-width="3"{dash}/>')
        parts.append(f'<text x="{x + 32}" y="52" font-size="12">{NAMES[side]}</text>')
        x += 70 + 7 * len(NAMES[side])
    return parts


def draw(figures, kernel, limit):
    right = LEFT + PANEL_W + GAP_X
    rows = [TOP + i * (PANEL_H + GAP_Y) for i in range(4)]
    bell, bytes_ = "rpmsg there and back, %s (floor: doorbell)", "message, bytes"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{LEFT}" y="26" font-size="16">rproc_lite and mainline remoteproc on '
        f'{escape(kernel)}: medians and quartiles</text>',
        *legend(),
        *by_size(LEFT, rows[0], "load (floor: memcpy)", figures, "load", 1e6, "ms"),
        *by_size(right, rows[0], "memory taken by a load", figures, "memory", 1024, "KiB",
                 limit=limit),
        *by_size(LEFT, rows[1], "whole cycle", figures, "cycle", 1e6, "ms"),
        *by_kind(right, rows[1], "start, stop, doorbell", figures,
                 (("first-word", "start to first word"), ("stop", "stop"),
                  ("doorbell", "doorbell round trip")), 1e3, "\u00b5s"),
        *by_size(LEFT, rows[2], bell % "median", figures, "rpmsg-p50", 1e3, "\u00b5s", bytes_),
        *by_size(right, rows[2], bell % "p99", figures, "rpmsg-p99", 1e3, "\u00b5s", bytes_),
        *by_size(LEFT, rows[3], "rpmsg to the remote", figures, "rpmsg-to-remote", 1,
                 "messages/s", bytes_),
        *by_size(right, rows[3], "rpmsg from the remote", figures, "rpmsg-from-remote", 1,
                 "messages/s", bytes_),
        '</svg>',
    ]
    return "\n".join(parts) + "\n"
