#!/usr/bin/env bash
# Instructions that `scanno clean` takes for fixed texts, against those written down
# in instructions.tsv beside this script:
#
#   benches/instructions.sh            compare; 1 if any text takes more than the tolerance allows
#   benches/instructions.sh --update   write down what is counted now
#
# Time varies by tens of percent on a machine with other work on it, instructions
# hardly at all. They do vary with the compiler and a little with the processor, whose
# best way to copy memory the C library chooses: hence the tolerance, and with another
# compiler nothing is compared. Needs valgrind; without it, it says so and passes.
# The program is built, or is the one that SCANNO names in the environment.
set -euo pipefail
cd "$(dirname "$0")/.."

# Percent of the instructions written down.
tolerance=5
counts=benches/instructions.tsv
# Bad words in a hundred of the story that the benchmark reads.
texts=(0 10)
bytes=100000

if ! command -v valgrind >/dev/null; then
  echo "instructions were not counted: there is no valgrind here"
  exit 0
fi
compiler=$(rustc --version | cut -d' ' -f2)
known=$(sed -n 's/^# rustc //p' "$counts" 2>/dev/null || true)
if [ "${1:-}" != --update ] && [ "$known" != "$compiler" ]; then
  echo "instructions were not counted: those written down are of rustc ${known:-none}, and this is $compiler"
  exit 0
fi

if [ -z "${SCANNO:-}" ]; then
  cargo build --release --locked
  SCANNO=target/release/scanno
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

{
  echo "# Instructions of scanno clean for the story of the benchmark, $bytes bytes; bad words in a hundred, millions."
  echo "# rustc $compiler"
} >"$folder/counts.tsv"
for percent in "${texts[@]}"; do
  cargo xtask story --bytes "$bytes" --percent "$percent" >"$folder/$percent.txt"
  valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$SCANNO" clean --quiet --config /dev/null --output /dev/null "$folder/$percent.txt" 2>"$folder/said" ||
    { cat "$folder/said" >&2; exit 2; }
  awk -v percent="$percent" '/Collected/ { printf "%d\t%d\n", percent, $NF / 1e6 }' "$folder/said" >>"$folder/counts.tsv"
done

if [ "${1:-}" = --update ]; then
  cp "$folder/counts.tsv" "$counts"
  cat "$counts"
  exit 0
fi
awk -F '\t' -v tolerance="$tolerance" '
  /^#/ { next }
  NR == FNR { known[$1] = $2; next }
  {
    change = 100 * ($2 / known[$1] - 1)
    printf "%2d %% bad words: %d million instructions, %+.1f %%\n", $1, $2, change
    if (change > tolerance) slower = 1
    if (change < -tolerance) faster = 1
  }
  END {
    if (slower) print "slower than written down; if that is meant: benches/instructions.sh --update"
    else if (faster) print "faster than written down: benches/instructions.sh --update"
    exit slower
  }' "$counts" "$folder/counts.tsv"
