#!/bin/bash
# Runs each fuzz target for so many seconds: .ci/fuzz.sh GO SECONDS. What it finds
# is left by Go in testdata/fuzz, to be kept with the correction.
set -euo pipefail
cd "$(dirname "$0")/.."
go=$1 seconds=$2 count=0 failed=0
while IFS=: read -r file name; do
	count=$((count + 1))
	echo "— $name (${file%/*})"
	"$go" test "./${file%/*}" -run '^$' -fuzz "^$name\$" -fuzztime "${seconds}s" -parallel 2 || failed=$((failed + 1))
done < <(grep -rn --include='*_test.go' -oE '^func Fuzz\w+' internal | sed -E 's/:[0-9]+:func /:/' | sort)
echo "$count objetivos, $failed con hallazgos"
[ "$count" -gt 0 ] && [ "$failed" = 0 ]
