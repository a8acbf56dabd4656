#!/usr/bin/env bash
# The speed of scanno beside that of programs that do a part of its work:
#
#   benches/compare.sh TEXT...
#
# - scanno clean: cleans the text, as anyone would call it,
# - symspell: the most likely word within two edits for every word, without regard to
#   the words around it (crate symspell_rs); its words and frequencies are those that
#   scanno's dictionary is made from,
# - spellbook: whether every word is spelled right, no more (crate spellbook), by Hunspell's
#   dictionary of American English or, where there is none, by the same words as symspell,
# - typos: looks for misspellings from a list (typos-cli); left out if it is not installed.
#
# Each is run on each text in one thread, from the start of the process to its end, with
# its output thrown away. The programs take turns, so that whatever else the machine is
# doing hits all of them alike, and the processor time counts, not the time of the clock.
# Columns of the table:
#
#   seconds   median of the processor time, user and system, of the whole process
#   start     the same for an empty text: what loading the dictionary takes
#   MB/s      megabytes (10^6 bytes) of text per second of the whole process
#   ratio     seconds as a multiple of scanno's: below 1 is faster than scanno
#   peak MB   most memory at any time (only with GNU time as /usr/bin/time)
#
# Settings in the environment:
#
#   RUNS      runs of each program on each text (default 5)
#   SCANNO    a scanno that is already built; otherwise it is built here
#   PEERS     the same for the program of benches/peers
#   HUNSPELL  dictionary for spellbook, without .aff and .dic
#             (default /usr/share/hunspell/en_US; the sources of the crate spellbook
#             have one too, in vendor/en_US)
set -euo pipefail

# A point before decimals, in what `time` says as in what awk prints.
export LC_ALL=C
TIMEFORMAT='%3U %3S'

root=$(cd "$(dirname "$0")/.." && pwd)
runs=${RUNS:-5}

fail() {
  echo "compare.sh: $*" >&2
  exit 2
}

if [ $# -eq 0 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
  echo "usage: benches/compare.sh TEXT...    (more in its head comment)" >&2
  exit 2
fi
case $runs in
  *[!0-9]* | '' | 0*) fail "RUNS=$runs: a number from 1 on is wanted" ;;
esac
for text in "$@"; do
  [ -f "$text" ] && [ -r "$text" ] || fail "$text: no file that can be read"
done

target=${CARGO_TARGET_DIR:-$root/target}
scanno=${SCANNO:-}
if [ -z "$scanno" ]; then
  cargo build --release --locked --manifest-path "$root/Cargo.toml" --target-dir "$target"
  scanno=$target/release/scanno
fi
peers=${PEERS:-}
if [ -z "$peers" ]; then
  cargo build --release --locked --manifest-path "$root/benches/peers/Cargo.toml" --target-dir "$target/peers"
  peers=$target/peers/release/peers
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Without what is known from texts alone, for that has misread words in it. Frequencies go up
# to 10^10, so that the rarest is still a whole number; words without one get the least.
awk -F '\t' '
  /^#/ { next }
  NR == FNR { centibels[$1] = $2; next }
  ($2 > 0 && $2 <= 80) || ($4 > 0 && $4 <= 80) {
    printf "%s\t%.0f\n", $1, ($1 in centibels ? 10 ^ (10 - centibels[$1] / 100) : 1)
  }
' "$root/dictionaries/en/wordfreq.tsv" "$root/dictionaries/en/words.tsv" >"$tmp/words.tsv"

hunspell=${HUNSPELL:-/usr/share/hunspell/en_US}
if [ ! -f "$hunspell.aff" ] || [ ! -f "$hunspell.dic" ]; then
  [ -z "${HUNSPELL:-}" ] || fail "HUNSPELL=$HUNSPELL: no .aff and .dic of this name"
  hunspell=$tmp/words
  echo 'SET UTF-8' >"$hunspell.aff"
  awk -F '\t' 'NR == FNR { n++; next } FNR == 1 { print n } { print $1 }' "$tmp/words.tsv" "$tmp/words.tsv" \
    >"$hunspell.dic"
  echo 'spellbook checks by the words of symspell: there is no Hunspell dictionary here (HUNSPELL names one).'
fi

programs=(scanno symspell spellbook)
if command -v typos >/dev/null; then
  programs+=(typos)
else
  echo 'typos was left out, for it is not installed: cargo install typos-cli --locked'
fi

# Sets `command` to what runs a program on a text. No settings of whoever calls this have a say.
command_of() {
  case $1 in
    scanno) command=("$scanno" clean --quiet --config /dev/null -- "$2") ;;
    symspell) command=("$peers" symspell "$2" "$tmp/words.tsv") ;;
    spellbook) command=("$peers" spellbook "$2" "$hunspell.aff" "$hunspell.dic") ;;
    typos) command=(typos --isolated -j 1 -- "$2") ;;
  esac
}

# Whether a program has done its work: with 2, typos says that it has found something.
is_done() {
  [ "$2" -eq 0 ] || { [ "$1" = typos ] && [ "$2" -eq 2 ]; } || fail "$1 ended with $2"
}

# One run; the seconds are added to the list in FILE: run PROGRAM TEXT FILE
run() {
  local status=0
  command_of "$1" "$2"
  { time "${command[@]}" >/dev/null 2>&3; } 3>&2 2>"$tmp/time" || status=$?
  is_done "$1" "$status"
  awk '{ print $1 + $2 }' "$tmp/time" >>"$3"
}

# A run before those that count, which also has all files read once: warm_up PROGRAM TEXT.
# What a peer says and the peak memory in kilobytes (0 if it is not to be had) are kept.
warm_up() {
  local status=0 said=/dev/null
  case $1 in symspell | spellbook) said=$tmp/said.$1 ;; esac
  command_of "$1" "$2"
  if "$gnu_time"; then
    /usr/bin/time -f %M -o "$tmp/peak" "${command[@]}" >"$said" || status=$?
  else
    "${command[@]}" >"$said" || status=$?
    echo 0 >"$tmp/peak"
  fi
  is_done "$1" "$status"
  # Above the number stands the exit code, if it is not 0.
  tail -n 1 "$tmp/peak" >"$tmp/peak.$1"
}

gnu_time=false
if /usr/bin/time -f %M -o "$tmp/peak" true 2>/dev/null; then
  gnu_time=true
fi

median() {
  sort -n "$1" | awk '{ s[NR] = $1 } END { print (s[int((NR + 1) / 2)] + s[int(NR / 2) + 1]) / 2 }'
}

# What the start takes is measured for each text anew and in the same rounds, so that both
# numbers have had the same noise.
: >"$tmp/empty.txt"

for text in "$@"; do
  for program in "${programs[@]}"; do
    rm -f "$tmp/whole.$program" "$tmp/start.$program"
    warm_up "$program" "$text"
  done
  for ((round = 0; round < runs; round++)); do
    for program in "${programs[@]}"; do
      run "$program" "$text" "$tmp/whole.$program"
      run "$program" "$tmp/empty.txt" "$tmp/start.$program"
    done
  done

  bytes=$(($(wc -c <"$text")))
  printf '\n%s, %d bytes, median of %d\n' "$text" "$bytes" "$runs"
  printf '%-10s %9s %9s %9s %9s %9s\n' '' seconds start MB/s ratio 'peak MB'
  of_scanno=$(median "$tmp/whole.scanno")
  for program in "${programs[@]}"; do
    awk -v program="$program" -v bytes="$bytes" -v seconds="$(median "$tmp/whole.$program")" \
      -v start="$(median "$tmp/start.$program")" -v of_scanno="$of_scanno" -v peak="$(cat "$tmp/peak.$program")" '
      # Nothing can be told of what took no time that could be measured.
      function of(a, b, form) { return b > 0 ? sprintf(form, a / b) : "-" }
      BEGIN {
        printf "%-10s %9.3f %9.3f %9s %9s %9s\n", program, seconds, start, of(bytes / 1e6, seconds, "%.2f"),
          of(seconds, of_scanno, "%.2f"), (peak > 0 ? sprintf("%.0f", peak * 1024 / 1e6) : "-")
      }'
  done
  for program in symspell spellbook; do
    # Words and how many are not known, without its own seconds, which are not those of the table.
    awk -v program="$program" -F ', ' '{ printf "%s: %s, %s\n", program, $1, $2 }' "$tmp/said.$program"
  done
done
