package dossier_test

import (
	"os"
	"strings"
	"testing"
)

// ASVS 5.0.0 asks that some decisions be written. Here they are in the documento de
// seguridad, each under its heading.
func TestTheSecurityDocumentSaysWhatASVSAsks(t *testing.T) {
	text, err := os.ReadFile("texts/documento-de-seguridad.txt")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq("\n"+string(text), "\n# ") {
		heading, body, _ := strings.Cut(section, "\n")
		sections[heading] = strings.Join(strings.Fields(body), " ")
	}
	for _, asked := range []struct {
		requirement, heading string
		says                 []string
	}{
		{"5.1.1", "Archivos y textos que se reciben", []string{"JPEG", "8 MB", "16 megapíxeles", "PDF", "CSV o XLSX", "20 MB"}},
		{"6.1.3", "Cómo se entra", []string{"contraseña", "llave de acceso", "invitación", "recuperar"}},
		{"6.2.10, 6.4.2, 6.4.4", "Cómo se entra", []string{"No hay preguntas secretas", "cambio periódico", "en persona y dos personas"}},
		{"11.1.1", "Llaves y algoritmos", []string{"argon2id", "AES-256-GCM", "X25519", "Ed25519", "SHA-256", "dos custodios", "rota"}},
		{"11.1.4", "Llaves y algoritmos", []string{"cuántica"}},
		{"12.1.1, 13.1.1", "Con qué se comunica", []string{"base de datos", "correo", "TLS 1.2 o 1.3"}},
		{"14.1.1", "Qué datos se tratan", []string{"Registro", "Curricular", "Privados", "Identidad", "Consentimientos", "Credenciales", "Bitácora"}},
		{"14.1.2", "Cómo se protege cada clase de dato", []string{"Registro", "Privados", "Identidad", "Consentimientos", "Credenciales", "Bitácora", "conservan", "suprime"}},
		{"15.1.1", "Componentes y plazos de corrección", []string{"48 horas", "7 días", "trimestre"}},
		{"15.1.3", "Lo que cuesta caro y su límite", []string{"contraseña", "Fotografías", "503", "plazo"}},
		{"16.1.1", "Qué se registra", []string{"JSON y UTC", "Lo negado", "Bitácora", "conserva", "PostgreSQL"}},
	} {
		body, ok := sections[asked.heading]
		if !ok {
			t.Errorf("%s: there is no section «%s»", asked.requirement, asked.heading)
		}
		for _, words := range asked.says {
			if !strings.Contains(body, words) {
				t.Errorf("%s: «%s» does not say %q", asked.requirement, asked.heading, words)
			}
		}
	}
}
