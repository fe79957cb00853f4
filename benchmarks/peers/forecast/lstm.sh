#!/usr/bin/env bash
# A training step of the network, ours beside PyTorch's, one thread each, in one run.
# Needs Debian's PyTorch with a fast BLAS: apt-get install python3-torch libopenblas0-pthread
# and our benchmarks: mvn -pl benchmarks -am package
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 "$here/lstm_torch.py" time
java -jar "$here/../../target/benchmarks.jar" LstmBenchmark
OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 /usr/bin/python3 "$here/lstm_torch.py" time
