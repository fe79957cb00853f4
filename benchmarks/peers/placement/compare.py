#!/usr/bin/env python3
"""Compares machine reassignment by shadow.jar and by Timefold: same processor seconds, same seeds, in one run.

    compare.py --data DIR --checker check_placement.py --jar shadow.jar --peer target --seconds 60 --seeds 1,2 INSTANCE...

DIR holds model_X.txt.gz and assignment_X.txt.gz of the ROADEF/EURO challenge 2012, and may hold best-known.tsv. Every
objective is the checker's. Timefold gets the best of its methods: each is tried once for a sixth of the time, and only the
winner runs for the full time; the trials are not charged to it. --methods none leaves Timefold out.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

METHODS = "late:1,late:400,late:5000,annealing:100000,annealing:1000000,tabu:7"


def run(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit("%s ended with %d: %s" % (" ".join(command), done.returncode, done.stderr.strip()[-400:]))
    return json.loads(done.stdout.strip().splitlines()[-1])


def checked(args, name, solution):
    done = subprocess.run([sys.executable, args.checker, "roadef", *files(args, name), solution],
                          capture_output=True, text=True)
    answer = json.loads(done.stdout)
    return answer["objective"] if answer.get("feasible") else None


def files(args, name):
    return [os.path.join(args.data, "%s_%s.txt.gz" % (kind, name)) for kind in ("model", "assignment")]


def ours(args, name, seed, out):
    model, first = files(args, name)
    said = run(["java", "-XX:+UseSerialGC", "-jar", args.jar, "reassign", "--quiet", "--model", model, "--assignment",
                first, "--seconds", str(args.seconds), "--threads", "1", "--seed", str(seed), "--out", out])
    return checked(args, name, out), said


def timefold(args, name, seed, method, seconds, out):
    classes = os.path.join(args.peer, "classes") + os.pathsep + os.path.join(args.peer, "lib", "*")
    said = run(["java", "-XX:+UseSerialGC", "-cp", classes, "dev.shadow.peers.placement.TimefoldReassign",
                *files(args, name), str(seconds), str(seed), method, out])
    return checked(args, name, out), said


def tuned(args, name, out):
    tried = {}
    for method in args.methods.split(","):
        cost, _ = timefold(args, name, 1, method, args.seconds / 6, out)
        if cost is not None:
            tried[method] = cost
    return min(tried, key=tried.get) if tried else METHODS.split(",")[0]


def best_known(args, name):
    path = os.path.join(args.data, "best-known.tsv")
    if not os.path.exists(path):
        return None
    for line in open(path):
        cells = line.rstrip("\n").split("\t")
        if cells[0] == name:
            found = [int(c) for c in cells[3:] if c]
            return min(found) if found else None
    return None


def percent(cost, other):
    return "-" if cost is None or not other else "%+.2f %%" % (100 * (cost / other - 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--checker", required=True)
    parser.add_argument("--jar", required=True)
    parser.add_argument("--peer", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "target"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seeds", default="1,2")
    parser.add_argument("--methods", default=METHODS)
    parser.add_argument("instances", nargs="+")
    args = parser.parse_args()
    print("| instance | seed | shadow | to best known | CPU s | ns/move | Timefold | method | CPU s | Timefold / shadow |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "solution.txt")
        for name in args.instances:
            method = None if args.methods == "none" else tuned(args, name, out)
            for seed in args.seeds.split(","):
                cost, said = ours(args, name, seed, out)
                pace = 1e9 * said["cpuSeconds"] / max(1, said["evaluations"])
                row = [name, seed, cost, percent(cost, best_known(args, name)), "%.1f" % said["cpuSeconds"],
                       "%.0f" % pace]
                if method:
                    theirs, peer = timefold(args, name, seed, method, args.seconds, out)
                    ratio = "-" if cost is None or theirs is None else "%.4f" % (theirs / cost)
                    row += [theirs or "infeasible", method, "%.1f" % peer["cpuSeconds"], ratio]
                else:
                    row += ["-"] * 4
                print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
