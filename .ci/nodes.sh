#!/bin/bash
# Kills in turn each part of a deployment of three nodes, a primary and a replica,
# and replaces the program of before the newest migration by that of today.
# usage: nodes.sh GO [ROUNDS]
set -euo pipefail
go=$1 rounds=${2:-5}
dir=$(mktemp -d)
chmod 755 "$dir"
finish() {
	git worktree remove --force "$dir/antes" 2>/dev/null || true
	rm -rf "$dir"
}
trap finish EXIT

newest=$(git log -1 --format=%H -- migrations)
git worktree add -q --detach "$dir/antes" "$newest^"
(cd "$dir/antes" && "$go" build -o "$dir/conoceles" ./cmd/conoceles)
echo "Programa anterior: $(git log -1 --format='%h %s' "$newest^")"
"$go" test ./internal/rig -count=1 -timeout 60m -v -run '^TestManyNodes$' -nodos "$rounds" -anterior "$dir/conoceles"
