#!/bin/bash
# Visits the compiled program with Lighthouse, as a telephone of the middle of the
# market would: home, results, profile, compare, statistics. Each must get 100 in
# its four categories. What else the machine does counts against a page, so one
# that falls short is visited again, LIGHTHOUSE_TRIES times at most (5), and the
# best visit counts. The reports stay in .cache/lighthouse/informes.
#
# It asks for Debian's chromium, nodejs (18 or later) and npm; Lighthouse itself
# comes from npm once, into .cache, at the version below.
set -euo pipefail
cd "$(dirname "$0")/.."
version=12.8.2
binary=$(realpath "$1")
tries=${LIGHTHOUSE_TRIES:-5}
port=${LIGHTHOUSE_PORT:-18098}
base=http://127.0.0.1:$port
home=$PWD/.cache/lighthouse
reports=$home/informes

for tool in curl node npm chromium; do
	command -v "$tool" >/dev/null || { echo "Falta $tool: instala los paquetes chromium, nodejs, npm y curl." >&2; exit 1; }
done
installed() { node -p "require('$home/node_modules/lighthouse/package.json').version" 2>/dev/null; }
if [ "$(installed || true)" != "$version" ]; then
	mkdir -p "$home"
	npm install --prefix "$home" --no-audit --no-fund --no-save --ignore-scripts --loglevel=error "lighthouse@$version" ||
		{ echo 'No se pudo instalar Lighthouse: hace falta el registro de npm.' >&2; exit 1; }
fi

work=$(mktemp -d)
chmod 755 "$work"
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; fi; rm -rf "$work"' EXIT
CONOCELES_ADDR=127.0.0.1:$port CONOCELES_DATA_DIR=$work/datos "$binary" servir --demo >"$work/registro" 2>&1 &
server=$!
for _ in $(seq 600); do
	curl -fs "$base/salud/listo" >/dev/null && break
	kill -0 "$server" || { cat "$work/registro" >&2; exit 1; }
	sleep 0.2
done

# Whom to visit: people of one contest; those who published come with a photograph.
curl -fs "$base/candidaturas?cargo=gubernatura" >"$work/lista"
mapfile -t people < <(grep -oE 'name="c" value="[a-z0-9-]+"' "$work/lista" | cut -d '"' -f 4)
[ "${#people[@]}" -ge 2 ] || { echo 'La demostración no tiene a quién comparar.' >&2; exit 1; }
declare -A pages=(
	[inicio]="/" [resultados]="/candidaturas" [perfil]="/candidaturas/${people[0]}"
	[comparar]="/comparar?c=${people[0]}&c=${people[1]}" [estadisticas]="/estadisticas"
)

# scores FILE: the four scores of a report, in hundredths, and what cost the rest.
scores() {
	node -e '
const r = require(process.argv[1]);
const points = Object.values(r.categories).map((c) => Math.round(c.score * 100));
const why = Object.values(r.audits).filter((a) => a.score !== null && a.score < 0.9).map((a) => a.id + (a.displayValue ? ` (${a.displayValue})` : ""));
console.log(points.join(" "), "|", Object.entries({LCP: "largest-contentful-paint", TBT: "total-blocking-time", CLS: "cumulative-layout-shift"}).map(([k, id]) => `${k} ${r.audits[id].displayValue}`).join(", "), "|", points.every((p) => p === 100) ? "" : why.join(", "));
' "$1"
}

# keep PAGE FIGURES MET: leaves the figures as evidence (internal/evidence).
keep() {
	[ -n "${CONOCELES_EVIDENCE:-}" ] || return 0
	mkdir -p "$CONOCELES_EVIDENCE"
	node -e '
const [page, got, met] = process.argv.slice(1);
console.log(JSON.stringify({ corrida: "lighthouse", caso: page, cifra: "rendimiento, accesibilidad, buenas prácticas, SEO", esperado: "100 100 100 100", obtenido: got.split("|").slice(0, 2).join("|").trim(), cumple: met === "true", instante: new Date().toISOString() }));
' "$@" >>"$CONOCELES_EVIDENCE/lighthouse.jsonl"
}

mkdir -p "$reports"
short=0
echo 'página: rendimiento, accesibilidad, buenas prácticas, SEO'
for name in inicio resultados perfil comparar estadisticas; do
	best=0
	for _ in $(seq "$tries"); do
		CHROME_PATH=$(command -v chromium) "$home/node_modules/.bin/lighthouse" "$base${pages[$name]}" --quiet --output json --output-path "$work/$name.json" \
			--only-categories performance,accessibility,best-practices,seo \
			--chrome-flags='--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync' || continue
		got=$(scores "$work/$name.json")
		sum=0
		for n in ${got%%|*}; do sum=$((sum + n)); done
		if [ "$sum" -gt "$best" ]; then best=$sum said=$got; cp "$work/$name.json" "$reports/"; fi
		[ "$best" -lt 400 ] || break
	done
	echo "$name: ${said:-sin visita}"
	keep "$name" "${said:-sin visita}" "$([ "$best" = 400 ] && echo true || echo false)"
	[ "$best" = 400 ] || short=$((short + 1))
	said=
done
[ "$short" = 0 ] || { echo "Páginas que no llegan a 100 en todo: $short." >&2; exit 1; }
