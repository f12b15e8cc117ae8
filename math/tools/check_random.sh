#!/usr/bin/env bash
# Compares kernels and Black-76 with N random points computed to more than 60 digits, and prints the largest errors.
#   math/tools/check_random.sh [N=100000] [SEED=1]
# Needs python3 with mpmath; gmpy2 makes it several times faster. 100,000 points of each take about two
# minutes on two cores. PYTHON names another interpreter.
set -euo pipefail
points=${1:-100000}
seed=${2:-1}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" "$here/gen_vectors.py" --points "$points" --seed "$seed" --out "$folder" --jobs "$(nproc)"
cd "$here/../.."
BALLAST_VECTORS=$folder cargo test -p ballast-math --test vectors -- --nocapture
