#!/bin/sh
# Fails when the generated code in the tree is not what its sources generate.
# Usage: .ci/generated.sh GO
set -eu
go=${1:-go}
here() { find web -name '*_templ.go' -exec sha256sum {} + | sort -k 2; }

before=$(here)
"$go" tool templ generate -path ./web
after=$(here)
if [ "$before" != "$after" ]; then
	echo 'El código generado no corresponde a las plantillas: ejecuta «make generate» y guarda el resultado.' >&2
	exit 1
fi
