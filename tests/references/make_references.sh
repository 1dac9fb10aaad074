#!/usr/bin/env bash
# Makes the committed references with ngspice 39 (Debian: apt-get install ngspice). It is run at tight tolerances, so that the
# reference is closer to the truth than what is compared with it; the decks themselves are unchanged. Where ngspice aborts with these
# options, the deck says which are taken instead: `* reference: OPTIONS`.
set -euo pipefail
cd "$(dirname "$0")"
for deck in ${@:-*.cir}; do
    tight=$(mktemp --suffix=.cir)
    options=$(sed -n 's/^\* reference: //p' "$deck")
    options=${options:-reltol=1e-6 abstol=1e-14 vntol=1e-8 chgtol=1e-16 trtol=1}
    sed "s/^\.end\$/.options $options\n.end/" "$deck" > "$tight"
    rm -f full.raw
    ngspice -b -r full.raw "$tight" > /dev/null 2>&1 || true
    if [ ! -s full.raw ]; then echo "no reference for $deck"; continue; fi
    python3 thin.py full.raw "${deck%.cir}.csv"
    rm -f "$tight" full.raw
done
