#!/bin/bash
# Proves that the leak tests can fail: each patch in .ci/leaks seeds one leak
# (security.md 2.4 and some of our own) into a scratch copy of the tree, and the
# test it names must turn red. Prints which part of it caught which leak.
#
#   .ci/leaks.sh [GO] [PATCH…]    without patches, all of them
set -uo pipefail
cd "$(dirname "$0")/.."
export GO=${1:-go}
shift
[ $# -gt 0 ] || set -- .ci/leaks/*.patch

SCRATCH=$(mktemp -d)
export SCRATCH
trap 'rm -rf "$SCRATCH"' EXIT
mkdir "$SCRATCH/clean"
git ls-files -z --cached --others --exclude-standard | tar -cf - --null --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$SCRATCH/clean"

# Red must come from the leak: without one, all of it is green.
if ! control=$(cd "$SCRATCH/clean" && "$GO" test ./internal/app -count=1 -run '^(TestCanaries|TestTwoWorlds|TestARestoreBringsNothingBack|TestScriptsKeepNothingInTheBrowser)$' 2>&1); then
	echo "Sin ninguna fuga sembrada ya falla:"
	tail -n 20 <<<"$control"
	exit 1
fi

# seed PATCH: seeds one leak into a copy of its own and says who found it.
seed() {
	local name what test tree out code caught said
	name=$(basename "$1" .patch)
	what=$(sed -n 's/^Leak: //p' "$1")
	test=$(sed -n 's/^Test: //p' "$1")
	tree=$SCRATCH/$name
	cp -r "$SCRATCH/clean" "$tree"
	if patch -d "$tree" -p1 --quiet --no-backup-if-mismatch <"$1"; then
		out=$(cd "$tree" && "$GO" test ./internal/app -count=1 -run "^${test//\//\$/^}\$" 2>&1)
		code=$?
	else
		out="El parche ya no se aplica: hay que ponerlo al día." code=0
	fi
	rm -rf "$tree"
	caught=$(grep -oE -- '--- FAIL: [^ ]+' <<<"$out" | sed 's/--- FAIL: //' | sort -u | paste -sd' ')
	said=$(grep -m1 -oE 'leak_[a-z]+_test\.go:.{0,200}' <<<"$out")
	if [ "$code" != 0 ] && [ -n "$said" ]; then
		printf 'encontrada    %s (%s): %s\n              %s\n' "$name" "$what" "$caught" "$said"
	else
		printf 'NO ENCONTRADA %s (%s)\n%s\n' "$name" "$what" "$(tail -n 20 <<<"$out")"
		touch "$SCRATCH/missed-$name"
	fi
}
export -f seed

# A few at once: each spends half of its time waiting for what cannot be divided.
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" bash -c 'seed "$1"' seed
missed=$(find "$SCRATCH" -maxdepth 1 -name 'missed-*' | wc -l)
echo "Fugas sembradas: $#. Sin encontrar: $missed."
[ "$missed" = 0 ]
