#!/usr/bin/env python3
"""The same network in PyTorch: test vectors, and the time of a training step.

    apt-get install python3-torch libopenblas0-pthread
    /usr/bin/python3 lstm_torch.py vectors > torch-forward.txt    # the test resource of shadow-forecast
    OMP_NUM_THREADS=1 /usr/bin/python3 lstm_torch.py time         # milliseconds a batch, hidden 32 and 64

Weights and inputs of the vectors are formulas, so that both sides can make them: number i of block b is
scale * sin(0.7 i + b), computed in double precision.
"""

import math
import sys
import time

import torch

INPUTS, FEATURES, STEPS, NUMBERS, WINDOW = 8, 40, 16, 15, 48
LEVELS = torch.tensor([0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99])
WIDTHS = torch.tensor([0.5, 0.25, 0.15, 0.15, 0.1, 0.1, 0.15, 0.15, 0.25, 0.5])


class Network(torch.nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = torch.nn.LSTM(INPUTS, hidden)
        self.layer = torch.nn.Linear(hidden + FEATURES, hidden)
        self.out = torch.nn.Linear(hidden, STEPS * NUMBERS)

    def forward(self, windows, features):
        _, (state, _) = self.lstm(windows)
        return self.out(torch.relu(self.layer(torch.cat([state[0], features], 1))))


def positive(x):
    return 0.5 * (x + torch.sqrt(x * x + 1))


def quantiles(raw, anchors):
    """anchors: rows x steps x anchors x levels"""
    raw = raw.view(-1, STEPS, NUMBERS)
    weights = positive(raw[:, :, :4])
    weights = weights / weights.sum(2, keepdim=True)
    mixed = (weights.unsqueeze(3) * anchors).sum(2) + raw[:, :, 4:5]
    widths = WIDTHS * positive(raw[:, :, 5:])
    below = -torch.flip(torch.cumsum(torch.flip(widths[:, :, :5], [2]), 2), [2])
    above = torch.cumsum(widths[:, :, 5:], 2)
    return mixed + torch.cat([below, torch.zeros_like(mixed[:, :, :1]), above], 2)


def made(block, shape, scale):
    count = math.prod(shape)
    return torch.tensor([scale * math.sin(0.7 * i + block) for i in range(count)], dtype=torch.float64).float().view(shape)


def vectors(hidden=32, rows=3):
    network = Network(hidden)
    with torch.no_grad():
        network.lstm.weight_ih_l0.copy_(made(0, (INPUTS, 4 * hidden), 0.3).t())
        network.lstm.weight_hh_l0.copy_(made(1, (hidden, 4 * hidden), 0.3).t())
        network.lstm.bias_ih_l0.copy_(made(2, (4 * hidden,), 0.3))
        network.lstm.bias_hh_l0.zero_()
        network.layer.weight.copy_(made(3, (hidden + FEATURES, hidden), 0.3).t())
        network.layer.bias.copy_(made(4, (hidden,), 0.3))
        network.out.weight.copy_(made(5, (hidden, STEPS * NUMBERS), 0.3).t())
        network.out.bias.copy_(made(6, (STEPS * NUMBERS,), 0.3))
        windows = torch.stack([made(10 + t, (rows, INPUTS), 2.0) for t in range(WINDOW)])
        raw = network(windows, made(7, (rows, FEATURES), 2.0))
    print("# torch", torch.__version__, "- lstm_torch.py vectors: hidden, rows, then the outputs row after row")
    print(hidden, rows)
    for row in raw:
        print(" ".join("%.9g" % value for value in row))


def timing(hidden, rows=64, rounds=8, batches=20):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    network = Network(hidden)
    optimizer = torch.optim.Adam(network.parameters(), 1e-3)
    windows = torch.randn(WINDOW, rows, INPUTS)
    features = torch.randn(rows, FEATURES)
    anchors = torch.sort(torch.randn(rows, STEPS, 4, len(LEVELS)), 3)[0]
    actual = torch.randn(rows, STEPS, 1)
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(batches):
            optimizer.zero_grad()
            miss = actual - quantiles(network(windows, features), anchors)
            loss = torch.maximum(LEVELS * miss, (LEVELS - 1) * miss).mean()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
        best = min(best, (time.perf_counter() - start) / batches)
    print("torch %s hidden %d: %.2f ms a batch of %d" % (torch.__version__, hidden, 1e3 * best, rows))


if __name__ == "__main__":
    if sys.argv[1:] == ["vectors"]:
        vectors()
    elif sys.argv[1:] == ["time"]:
        timing(32)
        timing(64)
    else:
        sys.exit(__doc__)
