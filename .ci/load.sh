#!/bin/bash
# Measures the loads of the field and of a bad day and leaves the report in the
# directory of evidence. With a second argument, a minute of each.
# usage: load.sh GO [1]
set -euo pipefail
go=$1
if [ -n "${2:-}" ]; then
	exec "$go" test ./internal/rig -count=1 -timeout 30m -v -run '^TestLoad$' -carga breve
fi
exec "$go" test ./internal/rig -count=1 -timeout 4h -v -run '^TestLoad$' -carga completa -cien-mil
