package layout

// The entries of the public menu, to say which one is current.
const (
	NavCandidacies = "/candidaturas"
	NavCompare     = "/comparar"
	NavStatistics  = "/estadisticas"
	NavData        = "/datos"
	NavHelp        = "/ayuda"
)

// PublicNav returns the menu of the public site under base.
func PublicNav(base, current string) []NavItem {
	items := []NavItem{
		{Label: "Candidaturas", Href: NavCandidacies},
		{Label: "Comparar", Href: NavCompare},
		{Label: "Estadísticas", Href: NavStatistics},
		{Label: "Datos abiertos", Href: NavData},
		{Label: "Ayuda", Href: NavHelp},
	}
	for i := range items {
		items[i].Current = items[i].Href == current
		items[i].Href = base + items[i].Href
	}
	return items
}

// PublicFooter returns the columns of the public footer under base.
func PublicFooter(base string) []LinkGroup {
	return []LinkGroup{
		{Title: "Consulta", Links: []Link{
			{"Candidaturas", base + "/candidaturas"},
			{"Comparar candidaturas", base + "/comparar"},
			{"Estadísticas", base + "/estadisticas"},
			{"Avance de la captura", base + "/avance"},
			{"Datos abiertos", base + "/datos"},
			{"Verificación", "/verificacion"},
			{"Todos los procesos", "/procesos"},
		}},
		{Title: "Tus derechos", Links: []Link{
			{"Avisos de privacidad", base + "/privacidad"},
			{"Derechos sobre tus datos (ARCO)", "/arco"},
			{"Accesibilidad", "/accesibilidad"},
		}},
		{Title: "Ayuda", Links: []Link{
			{"Preguntas y contacto", "/ayuda"},
			{"Acceso a captura y revisión", "/entrar"},
		}},
	}
}

// PrivateHelp returns the row of links of the private footer: help always in the
// same place (WCAG 3.2.6).
func PrivateHelp() []Link {
	return []Link{
		{"Ayuda y contacto", "/ayuda"},
		{"Guías", "/ayuda/guias"},
		{"Avisos de privacidad", "/privacidad"},
		{"Accesibilidad", "/accesibilidad"},
		{"Ir al sitio público", "/"},
	}
}
