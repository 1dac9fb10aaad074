#!/usr/bin/env bash
# Makes the references of circuits/ with ngspice 39 at tight tolerances, from the decks that benchmarks/compare.py writes to
# benchmarks/generated. Left out are decks and results that are large or take ngspice long, oscillators (their phases drift apart),
# and waveforms of more corners than the 1,500 points of a reference can hold. Of long sweeps every n-th point is kept, 200 at most.
set -euo pipefail
cd "$(dirname "$0")/circuits"
for deck in ${@:-*.cir}; do
    tight=$(mktemp --suffix=.cir)
    cp "../../../benchmarks/generated/$deck" "$deck"
    sed 's/^\.end$/.options reltol=1e-6 abstol=1e-14 vntol=1e-8 chgtol=1e-16 trtol=1\n.end/' "$deck" > "$tight"
    ngspice -b -r full.raw "$tight" > /dev/null 2>&1 || true
    python3 ../thin.py full.raw "${deck%.cir}.csv"
    if ! grep -qi '^\.tran' "$deck"; then
        awk 'NR == FNR { n++; next } FNR == 1 || (FNR - 2) % int((n - 1 + 199) / 200) == 0' "${deck%.cir}.csv" "${deck%.cir}.csv" > thinned
        mv thinned "${deck%.cir}.csv"
    fi
    rm -f "$tight" full.raw
done
