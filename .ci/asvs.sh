#!/bin/sh
# Prints the requirements of ASVS 5.0.0 that no test proves, and how many do.
awk -F'|' '
	{ all[$2]++; if ($4 ~ /^ *$/) { printf "%-7s nivel %s  %s\n", $1, $2, $3 } else { proven[$2]++ } }
	END { for (l = 1; l <= 3; l++) printf "Nivel %d: %d de %d requisitos tienen prueba\n", l, proven[l], all[l] }
' "$(dirname "$0")/../internal/asvs/register.txt"
