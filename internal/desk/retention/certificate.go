package retention

import (
	"context"
	"fmt"
	"time"

	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/document"
	"conoceles/web/es"
)

// certificate is what proves an act: what, when, who, how, with which hashes. It
// names folios and functions of people, never what was answered.
type certificate struct {
	Institute, Process string
	Title              string
	At                 time.Time
	Facts              [][2]string
	How                []string
}

// certify writes down an act that was just carried out.
func certify(ctx context.Context, tx *db.Tx, a pending, by auth.Retainer, did done, before int64) (certificate, error) {
	c := certificate{Title: "Acta de " + es.Lower(a.Kind.Title()), At: tx.Now(), How: how(a.Kind)}
	const head = `SELECT COALESCE((SELECT name FROM desk.institution), ''), name FROM desk.processes WHERE id = $1`
	if err := tx.QueryRow(ctx, head, a.Process).Scan(&c.Institute, &c.Process); err != nil {
		return c, err
	}
	fact := func(term, format string, args ...any) {
		c.Facts = append(c.Facts, [2]string{term, fmt.Sprintf(format, args...)})
	}
	fact("Acto", "Número %d", a.ID)
	fact("Sustento", "%s, del %s", a.Basis, dateOf(a.BasisDate))
	if a.Folio != "" {
		fact("Folio de la candidatura", "%s", a.Folio)
	}
	if a.NewAct.Request != "" {
		fact("Solicitud ARCO", "%s", a.NewAct.Request)
	}
	if a.Reason != "" {
		fact("Motivo", "%s", a.Reason)
	}
	fact("Propuso", "%s, el %s", a.Proposer, es.FullDateTime(a.ProposedAt))
	fact("Confirmó", "%s, el %s", by.Person().Name, es.FullDateTime(tx.Now()))
	switch a.Kind {
	case SiteEnd:
		fact("El sitio deja de mostrarse", "%s", es.FullDateTime(a.EffectiveAt))
	case Block:
		fact("Llaves bloqueadas", "%s", es.Int(did.Blocked))
	case Suppress, Erase:
		fact("Llaves destruidas", "%s", es.Int(did.Keys))
		fact("Versiones de respuestas borradas", "%s", es.Int(did.Versions))
		fact("Documentos firmados borrados", "%s", es.Int(did.Documents))
		fact("Enlaces de retiro borrados", "%s", es.Int(did.Links))
		if a.Kind == Suppress {
			fact("Contactos privados borrados", "%s", es.Int(did.Contacts))
			fact("Solicitudes ARCO sin datos personales", "%s", es.Int(did.Requests))
		}
		fact("Huella de lo borrado (SHA-256)", "%s", did.Digest)
	}
	after, err := lastEntry(ctx, tx)
	if err != nil {
		return c, err
	}
	fact("Bitácora", "Último asiento antes del acto: %d. El acto queda en un asiento posterior al %d.", before, after)
	return c, nil
}

// how says by which means an act was done, and what stays.
func how(k Kind) []string {
	switch k {
	case SiteEnd:
		return []string{"A esa hora el sitio del proceso deja de mostrar candidaturas. Los datos siguen en resguardo."}
	case Block:
		return []string{
			"La llave de cada candidatura se cifró (HPKE: ML-KEM-768 con X25519, HKDF-SHA256, AES-256-GCM) para quien custodia la llave privada, y salió del sistema.",
			"Desde este momento el servicio no puede leer respuestas de identidad ni documentos de consentimiento. Abrirlos requiere otro acto de dos personas, con motivo.",
		}
	case Opening:
		return []string{"Se autoriza a quien custodia la llave privada a abrir los datos bloqueados de esta candidatura. Cada apertura deja un asiento en la bitácora."}
	}
	return []string{
		"Se destruyó la llave con que se cifraban los datos (supresión criptográfica) y se comprobó que ninguna de las que quedan los abre; después se borraron los textos cifrados.",
		"La huella es el SHA-256 de los SHA-256 de cada texto cifrado que se borró, en orden.",
		"La supresión quedó anotada en un archivo fuera de la base de datos, para que restaurar un respaldo no devuelva nada. Los respaldos de las llaves caducan en su plazo.",
		"Se conservan la historia de los consentimientos (qué se autorizó y cuándo), si el cuestionario se atendió, las huellas de los documentos y las estadísticas disociadas: nada de ello dice qué se respondió.",
	}
}

// pdf writes the certificate. Its accessible version is the page of the act.
func (c certificate) pdf() ([]byte, error) {
	pdf := document.New(c.Title, c.Institute, c.At)
	pdf.SetMargins(25, 20, 25)
	pdf.SetAutoPageBreak(true, 12)
	pdf.AddPage()
	pdf.Write("", 10, 5, c.Institute)
	pdf.Write("", 10, 5, "Conóceles · "+c.Process)
	pdf.Ln(6)
	pdf.Write("B", 18, 9, c.Title)
	pdf.Write("", 10, 6, es.FullDateTime(c.At)+" (hora del centro de México)")
	pdf.Ln(4)
	for _, f := range c.Facts {
		pdf.Write("", 9, 4.6, f[0])
		pdf.Write("B", 10, 5.4, f[1])
		pdf.Ln(1.5)
	}
	pdf.Ln(2)
	pdf.Write("B", 11, 7, "Cómo se hizo y qué queda")
	for _, line := range c.How {
		pdf.Write("", 10, 5.2, line)
		pdf.Ln(1)
	}
	pdf.Ln(12)
	for _, who := range []string{"Nombre y firma de quien propuso", "Nombre y firma de quien confirmó"} {
		pdf.CellFormat(75, 6, who, "T", 0, "L", false, 0, "")
		pdf.CellFormat(10, 6, "", "", 0, "L", false, 0, "")
	}
	return pdf.Bytes()
}
