#!/bin/sh
# Fills fuzz/corpus with seeds made of the repository's own files; run it from the repository's root.
set -eu
cd "$(dirname "$0")/.."
new() {
    mkdir -p "fuzz/corpus/$1"
}
for target in netlist expression raw study npy idx safetensors; do
    new "$target"
    # What fuzzing found before.
    if [ -d "tests/fuzz_inputs/$target" ]; then cp tests/fuzz_inputs/"$target"/* "fuzz/corpus/$target/"; fi
done

# Decks, those up to 8 kB.
find netlists device_models tests/decks tests/references tests/scripts \( -name '*.cir' -o -name '*.sub' -o -name '*.lib' \) -size -9k |
    while read -r file; do
        cp "$file" "fuzz/corpus/netlist/$(echo "$file" | tr '/' '_')"
    done

# Expressions: what stands between braces in the decks.
grep -rhoE '\{[^{}]{3,200}\}' netlists device_models tests/references tests/decks | tr -d '{}' | sort -u | head -400 |
    awk '{ file = sprintf("fuzz/corpus/expression/%04d", NR); print > file; close(file) }'

# Raw files: two plots in text, one with complex values, and one in bytes.
plot() {
    printf 'Title: t\nDate: today\nPlotname: %s\nFlags: %s\nNo. Variables: 2\nNo. Points: 2\nVariables:\n' "$1" "$2"
    printf '\t0\t%s\t%s\n\t1\tv(a)\tvoltage\n%s:\n' "$3" "$3" "$4"
}
{ plot 'Transient Analysis' real time Values; printf ' 0\t0.0\n\t1.0\n\n 1\t1e-3\n\t2.0\n\n'; } > fuzz/corpus/raw/text
{ plot 'AC Analysis' complex frequency Values; printf ' 0\t1.0,0.0\n\t1.0,2.0\n\n 1\t1e3,0.0\n\t2.0,-1.0\n\n'; } >> fuzz/corpus/raw/text
{ plot 'Transient Analysis' real time Binary; head -c 32 /dev/zero; } > fuzz/corpus/raw/bytes

find studies -name '*.toml' | while read -r file; do
    cp "$file" "fuzz/corpus/study/$(echo "$file" | tr '/' '_')"
done

# Matrices of 2 × 2, in C's and in Fortran's order, and of 16 bits.
header() {
    printf "\223NUMPY\001\000\066\000{'descr': '$1', 'fortran_order': $2, 'shape': (2, 2), }"
}
{ header '<f8' False; printf ' \n'; head -c 32 /dev/zero; } > fuzz/corpus/npy/double
{ header '<f4' True; printf '  \n'; head -c 16 /dev/zero; } > fuzz/corpus/npy/single
{ header '<f2' False; printf ' \n'; head -c 8 /dev/zero; } > fuzz/corpus/npy/half

# Two images of 2 × 2, and three labels; plain and compressed.
printf '\000\000\010\003\000\000\000\002\000\000\000\002\000\000\000\002abcdefgh' > fuzz/corpus/idx/images
printf '\000\000\010\001\000\000\000\003\001\002\003' > fuzz/corpus/idx/labels
gzip -nc fuzz/corpus/idx/images > fuzz/corpus/idx/images.gz
gzip -nc fuzz/corpus/idx/labels > fuzz/corpus/idx/labels.gz

# A layer of 2 × 2.
text='{"layer1.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}   '
{ printf '\110\000\000\000\000\000\000\000%s' "$text"; head -c 16 /dev/zero; } > fuzz/corpus/safetensors/single
