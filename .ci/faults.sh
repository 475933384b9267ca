#!/bin/bash
# Makes the faults of a bad day, many times each, and prints what became of them:
# a fault that had no effect is a failure, and so is a control that did not fail.
# usage: faults.sh GO [ROUNDS [DEATHS]]
# The faults of the disk ask for root and loop devices, and those of the clock for
# Debian's libfaketime.
set -euo pipefail
go=$1 rounds=${2:-500} deaths=${3:-60}
report=$(mktemp)
trap 'rm -f "$report"' EXIT
failed=0

run() { # run PACKAGE TESTS [FLAG…]
	local package=$1 tests=$2
	shift 2
	"$go" test "$package" -count=1 -timeout 60m -v -run "$tests" "$@" >"$report" 2>&1 || failed=1
	grep -E '^ *(--- |[a-z_]+_test\.go:)|^FAIL|^panic' "$report" || true
}

echo "== La red se corta alrededor de un guardado (F6, F7), $rounds veces cada corte"
run ./internal/db '^(TestFaultsOfTheNetwork|TestTheNetworkTestCanFail|TestAServerThatDoesNotAnswerIsSaidInTime)$' -vueltas "$rounds"
echo "== Dos migraciones a la vez, una que falla y una que se detiene (F17)"
run ./internal/db '^Test(Migrate|Failed(First)?Migration)'
echo "== Matar una migración en cualquier momento (F16), $((deaths / 3)) veces"
run ./internal/rig '^TestAKilledMigrationGoesOn$' -migraciones $((deaths / 3))
echo "== Matar PostgreSQL mientras se guarda (F3), $deaths veces, y su control"
run ./internal/rig '^TestKilledPostgreSQLLosesNothing$' -muertes "$deaths"
echo "== Cortar la energía del disco (F4), $((deaths / 3)) veces, y sus controles; llenarlo (F5), $((deaths / 12)) veces"
run ./internal/rig '^(TestAPowerCut|TestAFullDisk)' -apagones $((deaths / 3)) -llenos $((deaths / 12))
echo "== Matar el programa mientras guarda (F1, F2), relevar nodos bajo carga (F18), reiniciar PostgreSQL (F15)"
run ./internal/rig '^TestFaultsOfProcesses$' -caidas "$deaths" -relevos $((deaths / 4)) -reinicios $((deaths / 6))
echo "== Mover los relojes (F10)"
run ./internal/rig '^TestAClockThatIsWrong$' -relojes 2
echo "== Tabla bloqueada y conexiones agotadas (F8, F9)"
run ./internal/app '^TestABlockedTableDelaysNobodyElse$'
echo "== Sin base de datos: el sitio, los formularios y los modos"
run ./internal/app '^(TestTheSiteWithoutADatabase|TestWithNothingInMemoryHealthSaysSo|TestASaveWithoutADatabaseGivesTheTextBack|TestEveryFormIsGivenBack|TestTheModesOnEveryNode|TestWithdrawingStaysOpenInReadOnly)$'
echo "== Perder la máquina: restaurar en una vacía, y lo que una restauración rechaza"
run ./internal/app '^(TestTheDrill|TestABackupHasNothingInTheClear|TestWhatARestoreRefuses|TestWithoutTheMarksNoIdentityIsShown|TestARestoreBringsNothingBack)$'
echo "== Retirar mientras se cortan conexiones (F20)"
run ./internal/app '^TestCanaries$/^withdrawal$' -retiros 300
echo "== Varios nodos"
"$(dirname "$0")"/nodes.sh "$go" 2 >"$report" 2>&1 || failed=1
grep -E '^ *(--- |[a-z_]+_test\.go:)|^FAIL|^panic|^Programa' "$report" || true

[ "$failed" = 0 ] || { echo "Alguna falla tuvo consecuencias, o no tuvo efecto."; exit 1; }
echo "Ninguna falla perdió nada."
