package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"conoceles/internal/desk/capture/portrait"
)

// fileClasses are files that people send.
var fileClasses = []class{
	{name: "C1 good photos", least: 20, as: "operador", cases: goodPhotos},
	{name: "C2 hostile photos", least: 60, as: "operador", cases: hostilePhotos, quiet: true},
	{name: "C3 file names", least: 30, as: "operador", cases: fileNames},
	{name: "C4 documents", least: 25, as: "secretaria", cases: documents, quiet: true},
	{name: "C5 spreadsheets", least: 40, as: "secretaria", cases: workbooks, quiet: true},
	{name: "C6 CSV", least: 100, as: "secretaria", cases: lists, quiet: true},
}

// sendFile sends a file in the form of a page.
func sendFile(path, field, name string, content []byte, more url.Values) func(*caller) answer {
	return func(c *caller) answer {
		form := url.Values{"guardado_id": {uuid.Must(uuid.NewV7()).String()}, "version": {"0"}, "accion": {"continuar"}}
		if found := hidden.FindStringSubmatch(c.get(path).body); found != nil {
			form.Set("version", found[1])
		}
		for k, v := range more {
			form[k] = v
		}
		kind, body := parts(field, name, content, form)
		return upload(path, kind, body)(c)
	}
}

func (c *corpus) photoPath() string { return "/captura/" + c.folio + "/foto" }

// portraitOf draws a picture that is no one colour.
func portraitOf(w, h, seed int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(x * 255 / w), uint8(y * 255 / h), uint8(seed * 9), 255})
		}
	}
	return m
}

func jpegOf(w, h, seed, quality int) []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, portraitOf(w, h, seed), &jpeg.Options{Quality: quality})
	return b.Bytes()
}

func goodPhotos(k *corpus) []badInput {
	var out []badInput
	for i := range 20 {
		w, h := 400+i*20, 400+(i%5)*40
		out = append(out, badInput{name: fmt.Sprint(w, "×", h), want: []int{http.StatusSeeOther}, send: func(c *caller) answer {
			return sendFile(k.photoPath(), portrait.Field, "foto.jpg", jpegOf(w, h, i, 60+i), nil)(c)
		}})
	}
	return out
}

// flood is a PNG that says that it is enormous, and is not.
func flood(w, h uint32) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	p := b.Bytes()
	binary.BigEndian.PutUint32(p[16:], w)
	binary.BigEndian.PutUint32(p[20:], h)
	binary.BigEndian.PutUint32(p[29:], crc32.ChecksumIEEE(p[12:29]))
	return p
}

func hostilePhotos(k *corpus) []badInput {
	good := jpegOf(500, 500, 1, 80)
	sent := map[string][]byte{
		"empty": {}, "text": []byte("no es una foto"), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "gif": []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00;"),
		"bmp": []byte("BM" + strings.Repeat("\x00", 60)), "tiff": []byte("II*\x00" + strings.Repeat("\x00", 60)), "webp": []byte("RIFF\x00\x00\x00\x00WEBPVP8 "), "pdf": []byte("%PDF-1.7 x"),
		"heic": []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), "html": []byte("<!doctype html><script>alert(1)</script>"), "exe": []byte("MZ\x90\x00"), "zip": []byte("PK\x03\x04"),
		"only a start": {0xff, 0xd8, 0xff, 0xe0}, "apng": append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("acTL"), 40)...), "8 MB and one": bytes.Repeat([]byte{0xff}, 8<<20+1),
		"too small": jpegOf(10, 10, 1, 80), "one pixel": jpegOf(1, 1, 1, 80), "a strip": jpegOf(3000, 2, 1, 50),
	}
	for i, side := range []uint32{20_000, 65_535, 1 << 20, 1<<31 - 1, 4_100} {
		sent[fmt.Sprint("flood ", i)], sent[fmt.Sprint("tall flood ", i)] = flood(side, side), flood(1, side*1000)
	}
	for i := range 34 { // cut at each of so many places
		sent[fmt.Sprint("cut ", i)] = good[:10+i*12]
	}
	var out []badInput
	for name, content := range sent {
		out = append(out, badInput{name: name, want: []int{422, 413, 409, 400}, send: sendFile(k.photoPath(), portrait.Field, "foto.jpg", content, nil)})
	}
	return out
}

func fileNames(k *corpus) []badInput {
	var out []badInput
	for i, name := range times(30, "../../etc/passwd", "..\\..\\boot.ini", "CON", "NUL.jpg", strings.Repeat("a", 300)+".jpg", "\u202egpj.exe", "foto.jpg\x00.php", "😀.jpg", ".htaccess", "a;b.jpg",
		"<script>.jpg", "foto.php.jpg", "foto.jpg/", "C:\\foto.jpg", "'; DROP--.jpg", "%2e%2e%2f.jpg", "foto\r\nX-A: b.jpg", "~root", "|id.jpg", "$(id).jpg", "-rf.jpg", " .jpg") {
		out = append(out, badInput{name: name, want: []int{303, 422, 400}, not: "etc/passwd", send: func(c *caller) answer {
			return sendFile(k.photoPath(), portrait.Field, name, jpegOf(450, 450, i, 70), nil)(c)
		}})
	}
	return out
}

func documents(k *corpus) []badInput {
	path := "/registro/candidaturas/" + k.folio + "/acto/renuncia"
	var out []badInput
	for i, content := range times(25, "%PDF-1.7 /JS (app.alert(1))", "%PDF-1.7 /Launch /F (cmd.exe)", "%PDF-1.7 /EmbeddedFiles", "%PDF-1.7 /Encrypt", "%PDF-1.7 /XFA", "<html>%PDF-1.7",
		"%PDF-1.7"+strings.Repeat("\n1 0 obj<</Type/Page>>endobj", 10_000), "%PDF-", `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`, "", "no es un pdf", "PK\x03\x04", "GIF89a%PDF") {
		out = append(out, badInput{name: fmt.Sprint(i, " ", content[:min(30, len(content))]), want: []int{200, 303, 409, 422, 413}, not: "EICAR-STANDARD", send: sendFile(path, "documento", "acuerdo.pdf", []byte(content),
			url.Values{"sustento": {"A/1"}, "fecha": {"02/01/2026"}, "accion": {"revisar"}})})
	}
	return out
}

// book is a spreadsheet with a sheet and other entries.
func book(sheet string, more map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entries := map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"xl/workbook.xml":            `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="A" sheetId="1" r:id="rId1" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
	for name, content := range more {
		entries[name] = content
	}
	for name, content := range entries {
		if f, err := w.Create(name); err == nil {
			_, _ = f.Write([]byte(content))
		}
	}
	_ = w.Close()
	return b.Bytes()
}

func workbooks(*corpus) []badInput {
	const head = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ja"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	const xxe = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>`
	many := map[string]string{}
	for i := range 400 {
		many[fmt.Sprint("xl/media/", i, ".xml")] = "x"
	}
	sent := map[string][]byte{
		"bomb": book(head+strings.Repeat("<row/>", 3<<20), nil), "laughs": book(laughs+head+"<row><c><v>&c;</v></c></row></sheetData></worksheet>", nil),
		"external entity": book(xxe+head+"<row><c><v>&a;</v></c></row></sheetData></worksheet>", nil), "zip slip": book(head, map[string]string{"../../etc/cron.d/x": "x"}),
		"many entries": book(head, many), "macros": book(head, map[string]string{"xl/vbaProject.bin": "x"}), "binary": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)),
		"encrypted": []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1EncryptedPackage"), "no sheet": book("", nil), "only a zip": []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
		"far cell": book(head+`<row r="1048577"><c r="XFE1048577"><v>1</v></c></row></sheetData></worksheet>`, nil), "no end": book(head+"<row><c>", nil),
		"link": book(head+"<row/></sheetData></worksheet>", map[string]string{"xl/externalLinks/externalLink1.xml": `<externalLink/>`}),
	}
	whole := book(head+`<row r="1"><c r="A1" t="inlineStr"><is><t>NADA</t></is></c></row></sheetData></worksheet>`, nil)
	for i := range 27 {
		sent[fmt.Sprint("cut ", i)] = whole[:len(whole)*(i+1)/28]
	}
	var out []badInput
	for name, content := range sent {
		out = append(out, badInput{name: name, want: []int{422, 413}, not: "root:x:", send: sendFile("/registro/listas", "archivo", "lista.xlsx", content, listBasis)})
	}
	return out
}

var listBasis = url.Values{"acuerdo": {"A/1"}, "fecha": {"02/01/2026"}}

func lists(k *corpus) []badInput {
	const header = "CARGO,MUNICIPIO,POSICION,CALIDAD,NOMBRES,APELLIDOS,SEXO,PARTIDO\r\n"
	const row = "REGIDURÍA,Ningún Lugar,1,PROPIETARIA,Ensayo,Ejemplo Prueba,MUJER,RAIZ\r\n"
	texts := map[string]string{
		"empty": "", "only a header": header, "no header": row, "NUL": header + "a\x00b,\r\n", "UTF-16": "\xff\xfeC\x00A\x00", "latin": "CARGO,A\xd1O\r\nx,y\r\n", "one column": "CARGO\r\nREGIDURÍA\r\n",
		"open quote": header + "\"REGIDURÍA,x\r\n", "twice a column": "CARGO,CARGO\r\na,b\r\n", "unknown column": strings.Replace(header, "SEXO", "GENERO?", 1) + row, "semicolons": strings.ReplaceAll(header+row, ",", ";"),
		"tabs": strings.ReplaceAll(header+row, ",", "\t"), "no ends": strings.ReplaceAll(header+row, "\r\n", ""), "carriage returns": strings.ReplaceAll(header+row, "\r\n", "\r"), "many columns": strings.Repeat("A,", 20_000) + "\r\n",
		"long cell": header + strings.Repeat("a", 1<<20) + "\r\n", "many rows": header + strings.Repeat(row, 3000), "html": "<table><tr><td>CARGO</td></tr></table>", "json": `[{"CARGO":"x"}]`, "BOM twice": "\ufeff\ufeff" + header + row,
	}
	bad := []string{"", " ", "S/D", "N/A", "-", "=1+1", "+52", "@SUM(1)", "\u202e", "NADIE", "1e9", "-1", "31/02/2026", strings.Repeat("x", 5000), "'; DROP TABLE x;--", "<script>", "\"\"", "０"}
	for column, name := range []string{"CARGO", "MUNICIPIO", "POSICION", "CALIDAD", "SEXO"} {
		for i, v := range bad {
			cells := strings.Split(strings.TrimSpace(row), ",")
			cells[column] = v
			texts[fmt.Sprint(name, " ", i)] = header + strings.Join(cells, ",") + "\r\n"
		}
	}
	var out []badInput
	before := k.text(`SELECT count(*)::text FROM desk.persons`)
	for name, text := range texts {
		out = append(out, badInput{name: name, want: []int{422, 303, 413}, send: func(c *caller) answer {
			r := sendFile("/registro/listas", "archivo", "lista.csv", []byte(text), listBasis)(c)
			if after := k.text(`SELECT count(*)::text FROM desk.persons`); before != after {
				c.Errorf("%s: %s persons, and there were %s: sending a list loads nothing", name, after, before)
			}
			return r
		}})
	}
	return out
}
