"""Fits scikit-learn's random forest and gradient boosting and scores them beside given risks.

usage: failure_peers.py TRAIN.csv SCORE.csv RISKS.csv
"""

import csv
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

LABEL = "fails_720h"
NOT_NUMBERS = ("unit", "model", LABEL)


def read(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def table(rows, makes):
    numbers = [k for k in rows[0] if k not in NOT_NUMBERS]
    x = np.array([[float(r[k]) if r[k] else np.nan for k in numbers] for r in rows])
    make = np.array([[makes.get(r["model"], -1)] for r in rows], dtype=float)
    return np.hstack([x, make]), np.array([int(r[LABEL]) for r in rows])


def detected(risk, y, false_alarms):
    """Share of failures found while at most this share of the healthy rows has an alarm, ties shared out."""
    limit = false_alarms * (y == 0).sum()
    order = np.argsort(-risk, kind="stable")
    values, first = np.unique(-risk[order], return_index=True)
    found = alarmed = 0.0
    for start, end in zip(first, list(first[1:]) + [len(y)]):
        failed = y[order[start:end]].sum()
        healthy = end - start - failed
        if alarmed + healthy > limit:
            return (found + (limit - alarmed) / healthy * failed) / y.sum()
        found += failed
        alarmed += healthy
    return 1.0


def show(name, risk, y, seconds):
    base = y.mean()
    skill = 1 - brier_score_loss(y, risk) / (base * (1 - base))
    print(
        "%-20s PR-AUC %.4f  at 1%% false alarms %.4f  Brier skill %.4f  ROC AUC %.4f  %s"
        % (
            name,
            average_precision_score(y, risk),
            detected(risk, y, 0.01),
            skill,
            roc_auc_score(y, risk),
            "" if seconds is None else "%.1f s CPU" % seconds,
        )
    )


def main():
    train, score = read(sys.argv[1]), read(sys.argv[2])
    makes = {m: i for i, m in enumerate(sorted({r["model"] for r in train}))}
    x, y = table(train, makes)
    x_score, y_score = table(score, makes)
    ours = {(r["unit"], r["age_h"]): float(r["risk"]) for r in read(sys.argv[3])}
    show("ours", np.array([ours[r["unit"], r["age_h"]] for r in score]), y_score, None)
    peers = {
        "random forest": RandomForestClassifier(300, min_samples_leaf=3, random_state=1),
        "gradient boosting": HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=150, l2_regularization=1, early_stopping=False, random_state=1
        ),
    }
    for name, peer in peers.items():
        start = time.process_time()
        forest = isinstance(peer, RandomForestClassifier)
        fill = (lambda a: np.where(np.isnan(a), -1, a)) if forest else (lambda a: a)
        peer.fit(fill(x), y)
        risk = peer.predict_proba(fill(x_score))[:, 1]
        show(name, risk, y_score, time.process_time() - start)


main()
