#!/bin/bash
# Attacks the compiled program, on this machine alone, with the tools that
# strangers use: sqlmap on every parameter of the public pages and of entering,
# wapiti on what a crawl finds. Fails if any of them finds anything, or if either
# had nothing to attack. Takes long: DAST_LEVEL (1 to 3) says how thorough sqlmap
# is, DAST_SECONDS how long wapiti may go on.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$(realpath "$1")
level=${DAST_LEVEL:-3}
seconds=${DAST_SECONDS:-1200}
port=${DAST_PORT:-18099}
base=http://127.0.0.1:$port

for tool in sqlmap wapiti curl python3; do
	command -v "$tool" >/dev/null || { echo "Falta $tool: instala el paquete del mismo nombre." >&2; exit 1; }
done

work=$(mktemp -d)
chmod 755 "$work"
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
CONOCELES_ADDR=127.0.0.1:$port CONOCELES_DATA_DIR=$work/datos "$binary" servir --demo >"$work/servidor" 2>"$work/registro" &
server=$!
for _ in $(seq 300); do
	curl -fs "$base/salud/listo" >/dev/null && break
	kill -0 "$server" || { cat "$work/registro" >&2; exit 1; }
	sleep 0.2
done

# Every parameter of every public page, one line each: address, then the body of
# a form if there is one. A star is a place in the path to attack.
cat >"$work/blancos" <<LIST
$base/candidaturas?q=ana&cargo=gubernatura&distrito=1&municipio=1&actor=RAIZ&sexo=mujer&edad=30-39&grado=licenciatura&accion=indigena&estado=publicado&orden=nombre&vista=tabla&pagina=1
$base/candidaturas/ana*
$base/boleta?seccion=1&municipio=1
$base/boleta/1*
$base/comparar?c=ana&c=luz&textos=completos
$base/avance?por=actor
$base/estadisticas/cargo*.csv
$base/datos/candidaturas.csv?q=ana
$base/procesos/demostracion*/candidaturas?q=ana
$base/entrar correo=operador@ejemplo.invalid&contrasena=x&regreso=/captura
$base/recuperar correo=operador@ejemplo.invalid
$base/arco derecho=acceso&nombre=Ana&contacto=ana@ejemplo.invalid&descripcion=texto
LIST

found=0
attacked=0
while read -r address body; do
	log=$work/sqlmap.$attacked
	sqlmap -u "$address" ${body:+--data "$body"} --headers "Origin: $base" --batch --level "$level" --risk 1 --dbms postgresql \
		--threads 2 --timeout 15 --retries 1 --flush-session --disable-coloring --ignore-code 404,422,429,401,403 \
		--output-dir "$work/sqlmap" </dev/null >"$log" 2>&1 || true
	if grep -Eq 'tested parameters do not appear to be injectable|all tested parameters' "$log"; then
		attacked=$((attacked + 1))
	else
		echo "sqlmap no terminó con $address:"
		tail -5 "$log"
	fi
	if grep -E 'is vulnerable|following injection point' "$log"; then
		echo "sqlmap: $address"
		found=$((found + 1))
	fi
done <"$work/blancos"
echo "sqlmap (nivel $level): $attacked direcciones atacadas, $found con hallazgos"

# Without the modules that ask a server elsewhere whether they were called; and in
# the open, because it cannot read what is compressed with brotli.
before=$(grep -c '"msg":"peticion"' "$work/registro" || true)
wapiti -u "$base/" --scope folder -H "Accept-Encoding: identity" \
	-m sql,xss,permanentxss,exec,file,crlf,redirect,backup,htaccess,methods --flush-session \
	--max-scan-time "$seconds" --max-links-per-page 40 --max-files-per-dir 30 -S polite -t 10 --no-bugreport \
	-f json -o "$work/wapiti.json" >"$work/wapiti.log" 2>&1 || true
python3 - "$work/wapiti.json" <<'PY' || found=$((found + 1))
import json, sys
report = json.load(open(sys.argv[1]))
count = {k: len(v) for part in ("vulnerabilities", "anomalies") for k, v in report[part].items() if v}
print("wapiti: hallazgos: %s" % (count or "ninguno"))
for part in ("vulnerabilities", "anomalies"):
    for kind, items in report[part].items():
        for i in items[:5]:
            print("  %s: %s %s %s" % (kind, i.get("method"), i.get("path"), i.get("info")))
sys.exit(1 if count else 0)
PY

sent=$(($(grep -c '"msg":"peticion"' "$work/registro" || true) - before))
echo "wapiti: $sent peticiones de ataque, sobre $before de sqlmap"
# What an attack made the program fail at is a finding too.
failures=$(grep -cE '"estado":5[0-9][0-9]|"msg":"panico"' "$work/registro" || true)
echo "respuestas 5xx o pánicos durante el ataque: $failures"
[ "$attacked" -ge 10 ] && [ "$sent" -ge 500 ] || { echo "Se atacó muy poco: la prueba no dice nada."; exit 1; }
[ "$found" = 0 ] && [ "$failures" = 0 ]
