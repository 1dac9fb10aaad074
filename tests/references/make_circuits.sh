#!/usr/bin/env bash
# Makes the references of circuits/ with ngspice 39 at tight tolerances, from the decks that benchmarks/compare.py writes to
# benchmarks/generated. Left out are decks of more than 200 kB, what takes ngspice minutes, poles and sensitivities (which have
# references of their own), ring oscillators and the latch, whose start from balance rounding decides, and the µA741's transfer curve,
# since ngspice counts the area of its transistors twice in reverse. Oscillators, logic and converters run for a shorter time here:
# later their phases drift apart, or their waveforms have more corners than the 1,500 points of a reference can hold. Of long sweeps every n-th point is kept, 200 at most.
set -euo pipefail
cd "$(dirname "$0")/circuits"
declare -A stops=(
    [adder_8]=60n [boost]=0.2m [bridge_inverter]=2m [buck]=0.2m [charge_pump]=0.3u [chua]=0.4m [colpitts]=2u [counter_4]=150n
    [diode_bridge]=30m [flyback]=30u [inverters_200]=50n [multivibrator]=0.2m
    [phase_locked_loop]=0.2m [rc_free]=20m [rlc_ringing]=4u
    [sram_16]=30n [transmission_lines]=20n [ttl_8]=0.2u [tunnel_diode]=0.3u
    [ua741_sine]=1m [ua741_step]=100u [voltage_multiplier]=2m [vteam_8]=2u
)
for deck in ${@:-*.cir}; do
    tight=$(mktemp --suffix=.cir)
    name=${deck%.cir}
    cp "../../../benchmarks/generated/$deck" "$deck"
    if [[ -v stops[$name] ]]; then
        sed -Ei "s/^(\.tran +[^ ]+) +[^ ]+/\1 ${stops[$name]}/" "$deck"
    fi
    # Where ngspice gives up at the tightest tolerances, the next ones serve.
    for options in \
        "reltol=1e-6 abstol=1e-14 vntol=1e-8 chgtol=1e-16 trtol=1" "reltol=1e-5 abstol=1e-13 vntol=1e-7 trtol=1" "reltol=1e-4"; do
        sed "s/^\.end$/.options $options\n.end/" "$deck" > "$tight"
        timeout 300 ngspice -b -r full.raw "$tight" > /dev/null 2>&1 && python3 ../thin.py full.raw "$name.csv" 2> /dev/null && break
    done
    if ! grep -qi '^\.tran' "$deck"; then
        awk 'NR == FNR { n++; next } FNR == 1 || (FNR - 2) % int((n - 1 + 199) / 200) == 0' "$name.csv" "$name.csv" > thinned
        mv thinned "$name.csv"
    fi
    rm -f "$tight" full.raw
done
