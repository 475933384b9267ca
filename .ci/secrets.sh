#!/bin/bash
# Looks in everything that git keeps for what looks like a secret: private keys,
# tokens of services, passwords in addresses, files that hold them. Needs nothing
# but git and grep. A line that must be so has «sin-secreto» in it.
set -euo pipefail
cd "$(dirname "$0")/.."
patterns='-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20}|xox[abprs]-[A-Za-z0-9-]{10,}|AIza[0-9A-Za-z_-]{35}|sk_live_[0-9a-zA-Z]{20,}|SG\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}|eyJhbGciOi[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}|AGE-SECRET-KEY-1[0-9A-Z]{20,}|"(keyMaterialType|encryptedKeyset)"|(postgres|postgresql|smtp)://[^:@/ "'"'"'$]+:[^@/ "'"'"'$]{6,}@[a-z0-9.-]+\.(mx|com|org|net)'
found=$(git grep -nIE -e "$patterns" -- . ':!.ci/secrets.sh' ':!*.sum' | grep -v 'sin-secreto' | grep -vE 'ejemplo\.(mx|com|invalid)|example\.(com|org)|iep\.mx' || true)
files=$(git ls-files | grep -E '(^|/)(\.env|id_rsa|id_ed25519|llaves\.json|retiros\.jsonl|\.netrc|\.pgpass)$|\.(pem|p12|pfx|key|kdbx)$' || true)
if [ -n "$found$files" ]; then
	echo 'Hay algo que parece un secreto:'
	printf '%s\n%s\n' "$found" "$files"
	exit 1
fi
echo 'Ningún secreto a la vista.'
