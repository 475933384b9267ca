package consent

import "conoceles/web/es"

// The words of the receipt. Screens use the labels of web/es.

func stageName(s Stage) string {
	return map[Stage]string{
		Undecided: "Sin decidir", NoDocument: "Falta el documento firmado", Waiting: "Documento en verificación",
		Confirmed: "Verificado", Refused: "Documento rechazado", Gone: "Retirado",
	}[s]
}

func mediumName(m Medium) string {
	return map[Medium]string{
		Online: "En línea", OnPaper: "Documento recibido", InPerson: "Comparecencia", ByLink: "Enlace del aviso",
	}[m]
}

// Text says what happened, by which medium and in which function.
func (e ReceiptEvent) Text() string {
	what := map[Kind]string{
		Granted: "Se declararon las tres autorizaciones; la publicación, sí",
		Denied:  "Se declararon las tres autorizaciones; la publicación, no", Documented: "Se entregó el documento firmado",
		Verified: "Se verificó el documento", Rejected: "Se rechazó el documento",
		Withdrawn: "Se retiró el consentimiento", Expired: "El consentimiento caducó por un aviso nuevo",
	}[e.Kind]
	text := what + " (" + es.Lower(mediumName(e.Medium)) + "; " + roleName(e.Role) + ")"
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

func roleName(role string) string {
	if name, ok := map[string]string{
		"candidata": "la persona candidata", "operador": "captura del partido", "validador": "validación del partido",
		"verificador": "Unidad de Transparencia", "titular": "titular de la Unidad de Transparencia",
		"persona:enlace": "la persona, con su enlace",
	}[role]; ok {
		return name
	}
	return role
}
