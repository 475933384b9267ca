#!/bin/sh
# Starts the built program as a person would, visits it and stops it with
# Ctrl-C's signal. Usage: .ci/smoke.sh BINARY
set -eu
binary=$1
dir=$(mktemp -d)
chmod 755 "$dir" # PostgreSQL may run as another account
log=$dir/registro.log
pid=

fail() {
	echo "smoke: $1" >&2
	[ ! -f "$log" ] || tail -n 40 "$log" >&2
	exit 1
}
finish() {
	if [ -n "$pid" ]; then kill -KILL "$pid" 2>/dev/null || true; fi
	rm -rf "$dir"
}
trap finish EXIT

command -v curl >/dev/null || fail 'falta curl; instálalo para hacer esta prueba'

# A port where nothing answers.
port=$((20000 + $$ % 20000))
while curl -s -o "$dir/nada" "http://127.0.0.1:$port/"; do port=$((port + 1)); done
site=http://127.0.0.1:$port

get() { # get PATH FILE: the status must be 200
	status=$(curl -s -m 20 -o "$2" -w '%{http_code}' "$site$1") || fail "GET $1: no hubo respuesta"
	[ "$status" = 200 ] || fail "GET $1: $status"
	echo "smoke: GET $1: 200"
}

CONOCELES_DATA_DIR=$dir/datos CONOCELES_ADDR=127.0.0.1:$port "$binary" servir --demo >"$log" 2>&1 &
pid=$!

tries=0
until [ "$(curl -s -m 5 -o "$dir/listo" -w '%{http_code}' "$site/salud/listo" || true)" = 200 ]; do
	kill -0 "$pid" 2>/dev/null || { pid=; fail 'el programa terminó antes de estar listo'; }
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || fail 'no estuvo listo en dos minutos'
	sleep 0.2
done

get /salud/listo "$dir/listo"
get / "$dir/portada.html"
grep -qi '<html[^>]* lang="es' "$dir/portada.html" || fail 'la portada no está en español'
get /candidaturas "$dir/lista.html"
profile=$(grep -o 'href="/candidaturas/[a-z0-9-]*"' "$dir/lista.html" | head -n 1 | cut -d '"' -f 2)
[ -n "$profile" ] || fail 'la lista no enlaza ningún perfil'
get "$profile" "$dir/perfil.html"

kill -INT "$pid"
code=0
wait "$pid" || code=$?
server=$pid
pid=
[ "$code" = 0 ] || fail "al detenerse con SIGINT terminó con $code"
pidfile=$(find "$dir/datos" -name postmaster.pid)
[ -z "$pidfile" ] || fail "el proceso $server terminó y su PostgreSQL no"
echo 'smoke: se detuvo bien'
