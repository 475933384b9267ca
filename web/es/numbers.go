package es

import (
	"strconv"
	"strings"
)

// nbsp keeps a figure and its unit on one line.
const nbsp = " "

// Int returns n with the thousands apart: "1,358".
func Int(n int) string {
	digits := strconv.Itoa(n)
	minus := ""
	if n < 0 {
		minus, digits = "−", digits[1:]
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return minus + b.String()
}

// Decimal returns x with the given decimals and thousands apart: "1,358.5".
func Decimal(x float64, decimals int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', decimals, 64), ".")
	n, err := strconv.Atoi(whole)
	if err != nil {
		return "—" // not a number, or beyond counting
	}
	text := Int(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		text = "−0"
	}
	if fraction != "" {
		text += "." + fraction
	}
	return text
}

// Percent returns part of total in whole hundredths: "84 %", or "—" of nothing.
// It never rounds up to 100 nor down to 0: "99 %" still lacks somebody and
// "1 %" has somebody.
func Percent(part, total int) string {
	if total <= 0 {
		return "—"
	}
	p := (200*part + total) / (2 * total)
	if p == 100 && part < total {
		p = 99
	}
	if p == 0 && part > 0 {
		p = 1
	}
	return strconv.Itoa(p) + nbsp + "%"
}

// Of returns "7 de 9".
func Of(n, total int) string { return Int(n) + " de " + Int(total) }

// Plural returns the quantity with its noun: "1 candidatura", "6 candidaturas".
func Plural(n int, one, many string) string { return Int(n) + " " + Noun(n, one, many) }

// Noun returns the form of the noun that agrees with n.
func Noun(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// Counter says how long a text is against its floor and ceiling, in characters
// (ux.md 6). A maximum of 0 is no ceiling. The questionnaire and the script of
// the capture forms say the same; a test of package web holds the three together.
func Counter(n, minimum, maximum int) string {
	switch {
	case n < minimum:
		return Of(n, minimum) + " caracteres mínimos"
	case maximum == 0:
		return Plural(n, "carácter", "caracteres")
	case n > maximum:
		return Noun(n-maximum, "Te sobra ", "Te sobran ") + Int(n-maximum)
	default:
		left := maximum - n
		return Plural(n, "carácter", "caracteres") + ". " + Noun(left, "Te queda ", "Te quedan ") + Int(left)
	}
}

// Limits says the floor and ceiling before anybody types.
func Limits(minimum, maximum int) string {
	switch {
	case minimum > 0 && maximum > 0:
		return "Entre " + Int(minimum) + " y " + Int(maximum) + " caracteres, con espacios"
	case maximum > 0:
		return "Hasta " + Int(maximum) + " caracteres, con espacios"
	case minimum > 0:
		return "Al menos " + Int(minimum) + " caracteres, con espacios"
	}
	return ""
}

// Size returns a file's size in the units people know: "700 KB", "1.4 MB".
func Size(bytes int) string {
	switch {
	case bytes < 1000:
		return Plural(bytes, "byte", "bytes")
	case bytes < 1000*1000:
		return Int((bytes+500)/1000) + nbsp + "KB"
	default:
		return Decimal(float64(bytes)/1e6, 1) + nbsp + "MB"
	}
}
