#!/bin/sh
# Fuzzes targets one after the other on one core: sh fuzz/run_all.sh SECONDS [TARGET…]; a log of each in fuzz/artifacts.
set -u
cd "$(dirname "$0")/.."
seconds=$1
shift
[ $# -gt 0 ] || set -- netlist expression raw study npy idx safetensors
export RUSTC_BOOTSTRAP=1
mkdir -p fuzz/artifacts
for target in "$@"; do
    case $target in
        netlist | expression) words=-dict=fuzz/netlist.dict ;;
        *) words= ;;
    esac
    # After a finding the run goes on with what is left of its time.
    end=$(($(date +%s) + seconds))
    while left=$((end - $(date +%s))) && [ $left -gt 0 ]; do
        cargo fuzz run "$target" -- $words -max_len=4096 -timeout=10 -rss_limit_mb=2048 -max_total_time=$left \
            -print_final_stats=1 >> "fuzz/artifacts/$target.log" 2>&1 && break
    done
done
