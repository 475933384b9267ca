package app_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"conoceles/internal/questionnaire"
)

// textClasses are what people type.
var textClasses = []class{
	{name: "B1 invalid UTF-8", least: 40, as: "operador", cases: encodingCases, quiet: true},
	{name: "B2 NUL", least: 14, as: "operador", cases: nulCases, quiet: true},
	{name: "B3 control", least: 60, as: "operador", cases: controlCases},
	{name: "B4 lengths", least: 54, as: "operador", cases: lengthCases},
	{name: "B5 normalisation", least: 40, cases: normalCases, quiet: true},
	{name: "B6 XSS", least: 150, as: "operador", cases: scriptCases, quiet: true},
	{name: "B7 SQL", least: 120, as: "operador", cases: sqlCases, quiet: true},
	{name: "B8 injection", least: 60, as: "operador", cases: injectionCases, quiet: true},
	{name: "B9 formula", least: 40, as: "verificador", cases: formulaCases, quiet: true},
	{name: "B10 URLs", least: 60, as: "operador", cases: linkCases, quiet: true},
	{name: "B11 contact", least: 80, as: "operador", cases: contactCases, quiet: true},
	{name: "B12 numbers and dates", least: 60, as: "verificador", cases: numberCases, quiet: true},
}

const notText = "caracteres no válidos"

func encodingCases(k *corpus) []badInput {
	broken := []string{"\xff", "\xc0\xaf", "\xed\xa0\x80", "a\xe2\x82", "\xf8\x88\x80\x80\x80", "ca\xf1ada", "\xfe\xff\x00a", "\xf4\x90\x80\x80", "\x80", "\xc3\x28"}
	var out []badInput
	for page, field := range map[string]string{"motivo": "motivo_cargo_publico", "historia": "historia_profesional", "propuestas": "propuesta_1", "trayectoria": "trayectoria_politica"} {
		out = append(out, posts(k.section(page), field, broken, badInput{want: refusedText, said: notText})...)
	}
	return out
}

func nulCases(k *corpus) []badInput {
	nul := []string{"a\x00b"}
	var out []badInput
	for page, fields := range map[string][]string{
		"motivo": {"motivo_cargo_publico"}, "historia": {"historia_profesional"}, "trayectoria": {"trayectoria_politica"}, "propuestas": {"propuesta_1", "propuesta_2", "propuesta_genero"},
		"contacto": {"correo_publico.0", "pagina_web"}, "formacion": {"otra_formacion.0"},
	} {
		for _, field := range fields {
			out = append(out, posts(k.section(page), field, nul, badInput{want: refusedText})...)
		}
	}
	for _, prefix := range []string{"/candidaturas?q=", "/comparar?c=", "/boleta?seccion=", "/captura?q=", "/avance?por="} {
		out = append(out, gets(prefix, nul, badInput{want: append([]int{400}, fine...)})...)
	}
	return out
}

func controlCases(k *corpus) []badInput {
	odd := []string{
		"\u202e", "\u202d", "\u200b", "\u200d", "\ufeff", "\u2066", "\u2069", "\u0007", "\u001b[31m", "\u0085", "\u2028", "\u2029", "a\u0301\u0301\u0301\u0301\u0301", "\u00ad", "\u034f",
		"\U000e0041", "\ufff9", "\ufffe", "\u0000"[:0] + "\u0008", "\u007f",
	}
	blankOr := []int{http.StatusUnprocessableEntity, http.StatusSeeOther} // what is left of some is nothing
	out := posts(k.section("motivo"), "motivo_cargo_publico", odd, badInput{want: blankOr})
	out = append(out, posts(k.section("contacto"), "pagina_web", odd, badInput{want: blankOr})...)
	out = append(out, badInput{name: "what is kept", want: []int{200}, send: func(c *caller) answer {
		const kept = `SELECT count(*)::text FROM desk.answer_versions v JOIN desk.candidacies c ON c.id = v.candidacy_id WHERE c.folio = $1 AND v.answers::text ~ E'[\\u202d\\u202e\\u2066\\u001b\\ufeff]'`
		if got := k.text(kept, k.folio); got != "0" {
			c.Errorf("%s versions keep what nobody sees", got)
		}
		return c.get(k.section("motivo"))
	}})
	return append(out, gets("/candidaturas?q=", odd, badInput{want: fine})...)
}

// lengthCases measure every text of the questionnaire at its limits: what is in
// them is not complained of, and what is not, is.
func lengthCases(k *corpus) []badInput {
	var out []badInput
	for _, page := range questionnaire.Curricular().Pages {
		for _, part := range page.Parts {
			for _, q := range part.Questions {
				if q.Max == 0 || q.Kind != questionnaire.LongText {
					continue
				}
				for _, unit := range []string{"a", "ñ"} {
					for name, c := range map[string]struct {
						size int
						bad  bool
					}{"min-1": {q.Min - 1, true}, "min": {q.Min, false}, "max": {q.Max, false}, "max+1": {q.Max + 1, true}, "much more": {q.Max * 20, true}} {
						text := strings.Repeat(unit, c.size)
						out = append(out, badInput{
							name: fmt.Sprint(q.ID, " ", name, " of ", unit), want: []int{http.StatusUnprocessableEntity, http.StatusSeeOther, http.StatusRequestEntityTooLarge},
							send: func(c2 *caller) answer {
								r := fill(c2, k.section(string(page.ID)), url.Values{string(q.ID): {text}})
								if got := strings.Contains(r.body, `href="#`+string(q.ID)+`"`); got != c.bad && r.status != http.StatusRequestEntityTooLarge {
									c2.Errorf("%s with %d characters of %s is complained of: %t, want %t (%d)", q.ID, c.size, unit, got, c.bad, r.status)
								}
								return r
							},
						})
					}
				}
			}
		}
	}
	return out
}

// normalCases look for the same words however they are composed.
func normalCases(*corpus) []badInput {
	var out []badInput
	for _, word := range []string{
		"Núñez", "Peña", "Muñoz", "Güemes", "José", "María", "Ávila", "Ibáñez", "Óscar", "Úrsula",
		"Raíz", "Común", "Íñigo", "Zúñiga", "Agüero", "Andrés", "Belén", "Cristóbal", "Élida", "Ñuu",
	} {
		for _, other := range []string{norm.NFD.String(word), strings.ToUpper(word)} {
			out = append(out, badInput{name: fmt.Sprintf("%q %q", word, other), want: []int{200}, send: func(c *caller) answer {
				one, two := c.get("/candidaturas?q="+url.QueryEscape(word)), c.get("/candidaturas?q="+url.QueryEscape(other))
				if a, b := strings.Count(one.body, `href="/candidaturas/`), strings.Count(two.body, `href="/candidaturas/`); a != b {
					c.Errorf("%q finds %d and %q %d", word, a, other, b)
				}
				return two
			}})
		}
	}
	return out
}

var scripts = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'><svg/onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<math><mi//xlink:href="data:x,<script>alert(1)</script>">`,
	`<iframe src="javascript:alert(1)">`, `<a href="javascript:alert(1)">x</a>`, `<style>@import 'http://malo.invalid'</style>`, `<body onload=alert(1)>`, `</title><script>alert(1)</script>`,
	`</textarea><script>alert(1)</script>`, `<details open ontoggle=alert(1)>`, `<input autofocus onfocus=alert(1)>`, `<!--><script>alert(1)</script>-->`, `<template><script>alert(1)</script></template>`,
}

func scriptCases(k *corpus) []badInput {
	var out []badInput
	add := func(path, field string) {
		for _, s := range scripts {
			out = append(out, posts(path, field, []string{s}, badInput{want: refusedText, not: s})...)
		}
	}
	add(k.section("motivo"), "motivo_cargo_publico")
	add(k.section("contacto"), "pagina_web")
	add(k.section("contacto"), "correo_publico.0")
	add(k.section("propuestas"), "propuesta_1")
	add(k.section("historia"), "historia_profesional")
	for _, prefix := range []string{"/candidaturas?q=", "/comparar?c=", "/boleta?seccion=", "/captura?q=", "/entrar?regreso=/"} {
		for _, s := range scripts {
			out = append(out, gets(prefix, []string{s}, badInput{want: fine, not: s})...)
		}
	}
	return out
}

var statements = []string{
	`' OR '1'='1`, `'; DROP TABLE desk.persons; --`, `' UNION SELECT null,version(),null--`, `1; SELECT pg_sleep(3)--`, `' AND 1=CAST((SELECT current_user) AS int)--`, `\'; --`,
	`$1`, `%' OR '%'='`, `') OR ('1'='1`, `1 OR 1=1`, `"; COPY desk.accounts TO '/tmp/x'; --`, `'||(SELECT email FROM desk.accounts LIMIT 1)||'`,
}

func sqlCases(k *corpus) []badInput {
	var out []badInput
	for _, prefix := range []string{
		"/candidaturas?q=", "/candidaturas?cargo=", "/candidaturas?distrito=", "/candidaturas?orden=", "/candidaturas?pagina=", "/comparar?c=", "/boleta?seccion=", "/boleta?municipio=", "/captura?estado=",
	} {
		out = append(out, gets(prefix, statements, badInput{want: fine, not: "@ejemplo.invalid<"})...)
	}
	return append(out, posts(k.section("motivo"), "motivo_cargo_publico", statements, badInput{want: refusedText})...)
}

func injectionCases(k *corpus) []badInput {
	sent := []string{
		"a\r\nX-Inyectado: si", "a\nBcc: otra@malo.invalid", "{{7*191}}", "${7*191}", "<%= 7*191 %>", "%s%s%n%x", "\x1b[2J", "$(id)", "`id`", "../../etc/passwd",
	}
	var out []badInput
	for page, field := range map[string]string{"motivo": "motivo_cargo_publico", "propuestas": "propuesta_2", "trayectoria": "trayectoria_politica"} {
		out = append(out, posts(k.section(page), field, sent, badInput{want: refusedText, not: "1337"})...)
	}
	for _, prefix := range []string{"/candidaturas?q=", "/entrar?regreso=", "/captura?q="} {
		for _, v := range sent {
			out = append(out, badInput{name: prefix + v, want: fine, not: "1337", send: func(c *caller) answer {
				r := c.get(prefix + url.QueryEscape(v))
				if r.header.Get("X-Inyectado") != "" || strings.Contains(r.body, "uid=0") {
					c.Errorf("%s%s: it was obeyed", prefix, v)
				}
				return r
			}})
		}
	}
	return out
}

// formulaCases write in a register what a spreadsheet would run, and read it in
// its export.
func formulaCases(*corpus) []badInput {
	var out []badInput
	for i, lead := range times(40, "=", "+", "-", "@", "\t=", "\r=", "|", "%", "＝", "=cmd|' /C calc'!A0", "\"=", "  =") {
		text := lead + "SUM(1+1)" + fmt.Sprint(i)
		out = append(out, badInput{name: text, want: []int{200, 303}, send: func(c *caller) answer {
			const home = "/transparencia/registros/asesorias"
			r := fill(c, home+"/nuevo", url.Values{"asunto": {text}, "fecha": {"02/01/2026"}, "relato": {text}, "contraparte": {"Unidad de Paridad"}})
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(c.get(home+"/exportar.csv").body, "\ufeff"))).ReadAll()
			if err != nil {
				c.Error(err)
			}
			for _, cell := range slices.Concat(rows...) {
				if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") || strings.HasPrefix(cell, "＝") {
					c.Errorf("a spreadsheet would run %q", cell)
				}
			}
			return r
		}})
	}
	return append(out, badInput{name: "what is exported", want: []int{200}, said: "SUM(1+1)", send: func(c *caller) answer {
		return c.get("/transparencia/registros/asesorias/exportar.csv")
	}})
}

func linkCases(k *corpus) []badInput {
	links := times(30, "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "file:///etc/passwd", "vbscript:x", "https://usuario:clave@ejemplo.mx", "ftp://ejemplo.mx",
		"//ejemplo.mx", "https://", "https:///x", "http://127.0.0.1", "https://[::1]/", "https://10.0.0.1/", "https://exa mple.mx", "https://еjemplo", "no es una dirección",
		"https://ejemplo.mx/"+strings.Repeat("a", 2049), "https://.mx", "https://ejemplo..mx", "https://ejemplo", "blob:https://ejemplo.mx/x", "https:\\\\ejemplo.mx", "mailto:a@ejemplo.mx", "tel:777")
	out := posts(k.section("contacto"), "pagina_web", links, badInput{want: refusedText, said: "dirección"})
	return append(out, posts(k.section("contacto"), "facebook", links, badInput{want: refusedText, said: "dirección"})...)
}

func contactCases(k *corpus) []badInput {
	emails := times(30, "sin-arroba", "a@", "@b.mx", "a b@c.mx", "a@b", "a@@b.mx", "a@b..mx", "a@.mx", "a@b.mx,c@d.mx", "<a@b.mx>", "a@b.mx\r\nBcc: x@y.mx", strings.Repeat("a", 300)+"@b.mx", "a@-b.mx", "a@b.m", "\"a\"@")
	phones := times(30, "123", "12345678901", "777-123-456", "letras", "+52", "٧٧٧١٢٣٤٥٦٧", "777 123 456O", "0000000000000", "777,123,4567,8", "tel:", "1e10", "-7771234567x", "(777)", "77712345", "12 34")
	out := posts(k.section("contacto"), "correo_publico.0", emails, badInput{want: refusedText})
	out = append(out, posts(k.section("contacto"), "telefono_publico.0", phones, badInput{want: refusedText})...)
	return append(out, posts(k.section("contacto"), "casa_campana.0.cp", times(20, "1234", "123456", "abcde", "-1234", "٦٢٠٠٠", "62 000", "6200O", "1e4"), badInput{want: refusedText})...)
}

func numberCases(*corpus) []badInput {
	numbers := []string{"-1", "0", "1e9", "99999999999999999999", "１２", "١٢", "0x10", "1.5", "1,000", "NaN", "+1", " 1", "1;2", "null", "true"}
	var out []badInput
	for _, prefix := range []string{"/candidaturas?pagina=", "/boleta?seccion=", "/transparencia/revision?pagina="} {
		out = append(out, gets(prefix, numbers, badInput{want: fine})...)
	}
	dates := []string{"31/02/2026", "29/02/2026", "00/01/2026", "01/13/2026", "01/01/0000", "01/01/9999", "2026-01-01T00:00", "١٢/٠١/٢٠٢٦", "ayer", "1/1/26", "32/01/2026", "-1/01/2026", "01//2026", "05/04/2026 02:30", "1e1/01/2026"}
	for _, prefix := range []string{"/transparencia/registros/asesorias?desde=", "/transparencia/registros/incidentes?hasta="} {
		out = append(out, gets(prefix, dates, badInput{want: fine})...)
	}
	return out
}
