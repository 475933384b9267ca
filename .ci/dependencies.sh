#!/bin/bash
# Checks the modules that the program is made of, without asking anybody: what is
# downloaded is what go.sum says, nothing replaces a module, and nothing that is
# linked lacks its sum. That each has a reason is a test of internal/archtest.
# With govulncheck and its database at hand (GOVULNDB=file://…) it also asks for
# known vulnerabilities.
set -euo pipefail
cd "$(dirname "$0")/.."
go=$1
"$go" mod verify
if grep -qE '^replace|^	[^ ]+ => ' go.mod tools.mod; then
	echo 'go.mod reemplaza un módulo'
	exit 1
fi
GOFLAGS=-mod=readonly "$go" list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}' ./cmd/conoceles | sort -u | grep . | while read -r path version; do
	grep -qF "$path $version h1:" go.sum || { echo "$path $version no tiene suma en go.sum"; exit 1; }
done
if command -v govulncheck >/dev/null && [ -n "${GOVULNDB:-}" ]; then
	govulncheck -db "$GOVULNDB" ./...
fi
