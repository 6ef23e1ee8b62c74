#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""report.py FOLDER: what figures says, on standard input, becomes a table on standard
output, and FOLDER/figures.json and figures.svg."""

import json
import os
import sys

import plot

LIMIT = 128 * 1024      # what a load may take beside the image

# What is measured: its name, its title, what its parameter is (None: it has none that
# matters, and all of its values are one figure), and who is compared.
BY_NAME = ("ours", "mainline")
BY_FD = ("ours-by-fd", "mainline")
METRICS = (
    ("load", "load, by name", "MiB", BY_NAME),
    ("load", "load, by descriptor", "MiB", BY_FD),
    ("memory", "memory, by name", "MiB", BY_NAME),
    ("memory", "memory, by descriptor", "MiB", BY_FD),
    ("cycle", "whole cycle, by name", "MiB", BY_NAME),
    ("cycle", "whole cycle, by descriptor", "MiB", BY_FD),
    ("first-word", "start until first word", None, BY_NAME),
    ("stop", "stop", None, BY_NAME),
    ("doorbell", "doorbell, there and back", None, BY_NAME),
    ("rpmsg-p50", "rpmsg there and back, p50", "B", BY_NAME),
    ("rpmsg-p99", "rpmsg there and back, p99", "B", BY_NAME),
    ("rpmsg-to-remote", "rpmsg to the remote", "B", BY_NAME),
    ("rpmsg-from-remote", "rpmsg from the remote", "B", BY_NAME),
)

# Of what; the others are times.
UNITS = {"memory": "bytes", "rpmsg-to-remote": "/s", "rpmsg-from-remote": "/s"}


def read_samples(lines):
    """{(what, parameter): {side: [values]}}, and the kernel; the rest is for people."""
    samples, kernel = {}, "?"
    for line in lines:
        words = line.split()
        if len(words) == 5 and words[0] == "sample":
            key = (words[1], int(words[3]))
            samples.setdefault(key, {}).setdefault(words[2], []).append(int(words[4]))
        elif len(words) == 2 and words[0] == "kernel":
            kernel = words[1]
        else:
            print(line.rstrip(), file=sys.stderr)
    return samples, kernel


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def spread(values):
    if not values:
        return None
    return {"n": len(values), "p10": quantile(values, .1), "q1": quantile(values, .25),
            "median": quantile(values, .5), "q3": quantile(values, .75),
            "p90": quantile(values, .9), "p99": quantile(values, .99)}


def ratios(a, b):
    """Round by round: what slows the machine down slows both."""
    return [x / y for x, y in zip(a, b) if y]


def values_of(samples, what, unit):
    """[(parameter, {side: [values]})] of one metric."""
    found = [(key[1], sides) for key, sides in sorted(samples.items()) if key[0] == what]
    if unit or not found:
        return found
    together = {}
    for _, sides in found:
        for side, values in sides.items():
            together.setdefault(side, []).extend(values)
    return [(None, together)]


def floor_of(samples, what, sides):
    """The doorbell is the floor of a round trip, round or not."""
    if not what.startswith("rpmsg-p"):
        return sides.get("floor", [])
    bells = samples.get(("doorbell", 0), {}).get("floor", [])
    return [quantile(bells, .5)] * len(sides.get("ours", [])) if bells else []


def make_figures(samples):
    figures = []
    for what, title, unit, (ours, mainline) in METRICS:
        for parameter, sides in values_of(samples, what, unit):
            a, b = sides.get(ours, []), sides.get(mainline, [])
            floor = floor_of(samples, what, sides)
            figures.append({
                "what": what, "title": title, "parameter": parameter,
                "parameter_unit": unit, "unit": UNITS.get(what, "ns"),
                "side": ours, "ours": spread(a), "mainline": spread(b),
                "floor": spread(floor), "ours_to_mainline": spread(ratios(a, b)),
                "ours_to_floor": spread(ratios(a, floor)),
            })
    return figures


def human(value, unit):
    if unit == "/s":
        return f"{value:.0f}/s"
    if unit == "bytes":
        steps = ((1 << 20, "MiB"), (1 << 10, "KiB"), (1, "B"))
    else:
        steps = ((1e9, "s"), (1e6, "ms"), (1e3, "us"), (1, "ns"))
    for size, name in steps:
        if value >= size:
            break
    return f"{value / size:.3g} {name}" if value / size < 1000 else f"{value / size:.0f} {name}"


def cell(s, unit):
    if not s:
        return ""
    if s["n"] == 1:
        return human(s["median"], unit)
    return f"{human(s['median'], unit)} ({human(s['q1'], unit)} .. {human(s['q3'], unit)})"


def ratio_cell(s):
    if not s:
        return ""
    if s["n"] == 1:
        return f"{s['median']:.3g}"
    return f"{s['median']:.3g} ({s['p10']:.3g} .. {s['p90']:.3g})"


def table(figures):
    rows = [("", "ours", "mainline", "ours/mainline", "floor", "ours/floor")]
    for f in figures:
        title = f["title"]
        if f["parameter_unit"]:
            title += f", {f['parameter']} {f['parameter_unit']}"
        rows.append((title, cell(f["ours"], f["unit"]), cell(f["mainline"], f["unit"]),
                     ratio_cell(f["ours_to_mainline"]), cell(f["floor"], f["unit"]),
                     ratio_cell(f["ours_to_floor"])))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip()
                     for row in rows)


NOTES = """
Medians of rounds that take turns, with quartiles; ratios of the values of one round, with
the tenth and the ninetieth percentile. Memory: the most that a load holds of the kernel's,
beside the image, at any one time. Floor of a load: a plain memcpy of the same size from the
kernel's memory to the remote's; of rpmsg: the doorbell alone, there and back.
Mainline loads by name only, within its start. Rpmsg is by upstream's drivers for both, through
/dev/rpmsgN, with the quantiles of a round; messages a second are better if they are more."""


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: report.py FOLDER")
    samples, kernel = read_samples(sys.stdin)
    if not samples:
        sys.exit("report.py: nothing was measured")
    figures = make_figures(samples)
    with open(os.path.join(sys.argv[1], "figures.json"), "w", encoding="utf-8") as f:
        json.dump({"kernel": kernel, "figures": figures}, f, indent=1)
    with open(os.path.join(sys.argv[1], "figures.svg"), "w", encoding="utf-8") as f:
        f.write(plot.draw(figures, kernel, LIMIT))
    print(f"rproc_lite and mainline remoteproc on {kernel}\n")
    print(table(figures))
    print(NOTES)


if __name__ == "__main__":
    main()
