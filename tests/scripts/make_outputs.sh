#!/usr/bin/env bash
# Makes the committed outputs with ngspice 39: what each script prints, up to its last line.
set -euo pipefail
cd "$(dirname "$0")"
for deck in ${@:-*.cir}; do
    { ngspice -b "$deck" 2> /dev/null || true; } | sed '/^end of script$/q' > "${deck%.cir}.out"
done
