#!/bin/bash
# Proves that the leak tests can fail: each patch in .ci/leaks seeds one leak
# (security.md 2.4 and some of our own) into a scratch copy of the tree, and the
# test it names must turn red. Prints which part of it caught which leak.
#
#   .ci/leaks.sh [GO] [PATCH…]    without patches, all of them
set -uo pipefail
cd "$(dirname "$0")/.."
go=${1:-go}
shift
[ $# -gt 0 ] || set -- .ci/leaks/*.patch

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git ls-files -z --cached --others --exclude-standard | tar -cf - --null --ignore-failed-read -T - 2>/dev/null | tar -xf - -C "$scratch"

# Red must come from the leak: without one, all of it is green.
if ! control=$(cd "$scratch" && "$go" test ./internal/app -count=1 -run '^(TestCanaries|TestTwoWorlds|TestARestoreBringsNothingBack|TestScriptsKeepNothingInTheBrowser)$' 2>&1); then
	echo "Sin ninguna fuga sembrada ya falla:"
	tail -n 20 <<<"$control"
	exit 1
fi

missed=0
for patch in "$@"; do
	name=$(basename "$patch" .patch)
	what=$(sed -n 's/^Leak: //p' "$patch")
	test=$(sed -n 's/^Test: //p' "$patch")
	full=$(realpath "$patch")
	if ! patch -d "$scratch" -p1 --quiet --no-backup-if-mismatch <"$full"; then
		echo "NO SE APLICA  $name: hay que ponerlo al día"
		exit 1
	fi
	out=$(cd "$scratch" && "$go" test ./internal/app -count=1 -run "^${test//\//\$/^}\$" 2>&1)
	code=$?
	patch -d "$scratch" -p1 --quiet --no-backup-if-mismatch -R <"$full"
	caught=$(grep -oE -- '--- FAIL: [^ ]+' <<<"$out" | sed 's/--- FAIL: //' | sort -u | paste -sd' ')
	said=$(grep -m1 -oE 'leak_[a-z]+_test\.go:.{0,200}' <<<"$out")
	if [ "$code" != 0 ] && [ -n "$said" ]; then
		echo "encontrada    $name ($what): $caught"
		echo "              $said"
	else
		echo "NO ENCONTRADA $name ($what)"
		tail -n 20 <<<"$out"
		missed=$((missed + 1))
	fi
done
echo "Fugas sembradas: $#. Sin encontrar: $missed."
[ "$missed" = 0 ]
