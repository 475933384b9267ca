package demo

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"

	"conoceles/internal/election"
)

// header is that of the importer's template.
var header = []string{
	"CARGO", "DISTRITO", "MUNICIPIO", "POSICION", "CALIDAD", "NOMBRES", "PRIMER_APELLIDO", "SEGUNDO_APELLIDO", "SOBRENOMBRE", "SEXO",
	"FECHA_NACIMIENTO", "PARTIDO", "COALICION O CANDIDATURA COMUN", "ACCION_AFIRMATIVA", "ELECCION_CONSECUTIVA", "CORREO", "FOLIO",
}

// fileRows is how many candidacies go in one file: the importer takes 20,000.
const fileRows = 15_000

// Files returns the list as the files that a Secretaría Ejecutiva would load.
// offices and municipalities give the names of what entries name by key.
func (w *World) Files(offices, municipalities map[string]string) [][]byte {
	var out [][]byte
	for from := 0; from < len(w.List); from += fileRows {
		out = append(out, w.file(from, min(from+fileRows, len(w.List)), offices, municipalities))
	}
	return out
}

func (w *World) file(from, to int, offices, municipalities map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	_ = out.Write(header) // a bytes.Buffer does not fail
	for i := from; i < to; i++ {
		e := w.List[i]
		district := ""
		if e.District > 0 {
			district = strconv.Itoa(e.District)
		}
		consecutive := "NO"
		if e.Consecutive {
			consecutive = "SI"
		}
		_ = out.Write([]string{
			offices[e.Office], district, municipalities[e.Municipal], strconv.Itoa(e.Position), strings.ToUpper(string(e.Role)),
			e.Given, e.Surname1, e.Surname2, e.Nickname, sexLabel(e.Sex), e.Birth, e.Party, e.Coalition, actions(e.Affirmative),
			consecutive, "persona" + strconv.Itoa(i+1) + "@ejemplo.invalid", "DEMO-" + strconv.Itoa(i+1),
		})
	}
	out.Flush()
	return b.Bytes()
}

func sexLabel(s election.Sex) string {
	switch s {
	case election.Woman:
		return "MUJER"
	case election.Man:
		return "HOMBRE"
	default:
		return "NO BINARIO"
	}
}

func actions(all []election.AffirmativeAction) string {
	out := make([]string, len(all))
	for i, a := range all {
		out[i] = string(a)
	}
	return strings.Join(out, ", ")
}
