package questionnaire

// Curricular is the questionnaire of the curriculum, version 1: all of it
// public, except the e-mail address for notices. Official wording, limits and
// catalogues are those of the annex as other institutes and INE applied it.
//
// It is frozen: to change anything below, write version 2.
func Curricular() *Questionnaire { return curricular }

// Questions of the curricular questionnaire that other code names.
const (
	Photograph      ID = "fotografia"
	Degree          ID = "grado_estudios"
	DegreeStatus    ID = "estatus_estudios"
	OtherStudies    ID = "otra_formacion"
	WorkHistory     ID = "historia_profesional"
	Trajectory      ID = "trayectoria_politica"
	Motive          ID = "motivo_cargo_publico"
	Proposal1       ID = "propuesta_1"
	Proposal2       ID = "propuesta_2"
	GenderProposal  ID = "propuesta_genero"
	NotificationsTo ID = "correo_aclaraciones"
)

// NoStudies is the option of Degree after which DegreeStatus is not asked.
const NoStudies = "sin_estudios"

const annex = "Anexo 24.2 del Reglamento de Elecciones (INE/CG616/2022)"

var curricular = Must(Questionnaire{
	Key: "curricular", Version: "1", Title: "Cuestionario curricular",
	Pages: []Page{photoPage, contactPage, studiesPage, historyPage, trajectoryPage, motivePage, proposalsPage},
})

var photoPage = Page{
	ID: "fotografia", Title: "Fotografía", Short: "Fotografía",
	Lead: "Elige una fotografía reciente en la que se vea con claridad el rostro.",
	Hint: "JPG de hasta 700 KB, de los últimos 3 meses",
	Parts: []Part{{ID: "identidad_foto", Label: "Fotografía", Questions: []Question{{
		ID: Photograph, Label: "Fotografía", Kind: Photo, Basis: annex, Disclosure: Public, Required: Always,
		Help: "JPG de hasta 700 KB, tomada en los últimos 3 meses. Sin logotipos, lemas o imágenes de campaña, documentos, " +
			"imágenes religiosas ni otras personas.",
		IfBlank: "Agrega la fotografía; es obligatoria",
	}}}},
}

var contactPage = Page{
	ID: "contacto", Title: "Medios de contacto públicos", Short: "Medios de contacto",
	Lead: "Los medios de contacto que captures serán públicos; no captures tu domicilio o teléfono particular.",
	Hint: "Serán visibles; no captures datos particulares",
	Parts: []Part{{
		ID: "contacto", Label: "Medios de contacto públicos",
		AtLeastOne: true, IfBlank: "Agrega al menos un medio de contacto; es obligatorio",
		Questions: []Question{
			network("facebook", "Facebook", "https://www.facebook.com/tu.pagina", "facebook.com", "fb.com", "fb.me"),
			network("x_twitter", "X (antes Twitter)", "https://x.com/tu_cuenta", "x.com", "twitter.com"),
			network("youtube", "YouTube", "https://www.youtube.com/@tu_canal", "youtube.com", "youtu.be"),
			network("instagram", "Instagram", "https://www.instagram.com/tu_cuenta", "instagram.com", "instagr.am"),
			network("tiktok", "TikTok", "https://www.tiktok.com/@tu_cuenta", "tiktok.com"),
			{
				ID: "otra_red", Label: "Otra red social", Kind: NamedLink, Basis: annex, Disclosure: Public,
				Help: "Escribe el nombre de la red y la dirección de tu perfil.",
			},
			{
				ID: "pagina_web", Label: "Página web", Kind: Link, Basis: annex, Disclosure: Public,
				Example: "https://www.ejemplo.mx",
			},
			{
				ID: "correo_publico", Label: "Correo electrónico público", Kind: Email, MaxRows: 3, Basis: annex,
				Disclosure: Public, Help: "Hasta 3. No captures tu correo particular.", Example: "nombre@ejemplo.mx",
			},
			{
				ID: "telefono_publico", Label: "Teléfono público", Kind: Phone, MaxRows: 3, Basis: annex,
				Disclosure: Public, Help: "Hasta 3, de diez dígitos. No captures tu teléfono particular.", Example: "777 123 4567",
			},
			{
				ID: "casa_campana", Label: "Casa de campaña", Kind: Address, MaxRows: 3, Basis: annex,
				Disclosure: Public, Help: "Hasta 3. No captures tu domicilio particular.",
			},
			{
				ID: NotificationsTo, Label: "Correo electrónico para notificaciones (no se publica)", Kind: Email, Basis: annex,
				Disclosure: Withheld, Help: "Lo usa el Instituto para avisarte de observaciones y aclaraciones.",
				Example: "nombre@ejemplo.mx",
			},
		},
	}},
}

// network is the question about a profile in a social network.
func network(id ID, label, example string, hosts ...string) Question {
	return Question{
		ID: id, Label: label, Kind: Link, Basis: annex, Disclosure: Public, Example: example, Hosts: hosts,
		Help: "Copia la dirección de tu perfil.",
	}
}

var studiesPage = Page{
	ID: "formacion", Title: "Formación académica", Short: "Formación académica",
	Parts: []Part{{ID: "formacion", Label: "Formación académica", Questions: []Question{
		{
			ID: Degree, Label: "Grado máximo de estudios", Kind: Choice, Basis: annex, Disclosure: Public, Required: Always,
			IfBlank: "Elige el grado máximo de estudios; es obligatorio",
			Options: []Option{
				{Value: NoStudies, Label: "Sin estudios"},
				{Value: "primaria", Label: "Primaria"},
				{Value: "secundaria", Label: "Secundaria"},
				{Value: "preparatoria", Label: "Preparatoria"},
				{Value: "tecnica", Label: "Técnica"},
				{Value: "licenciatura", Label: "Licenciatura"},
				{Value: "especialidad", Label: "Especialidad"},
				{Value: "maestria", Label: "Maestría"},
				{Value: "doctorado", Label: "Doctorado"},
				{Value: "postdoctorado", Label: "Postdoctorado"},
			},
		},
		{
			ID: DegreeStatus, Label: "Estatus", Kind: Choice, Basis: annex, Disclosure: Public, Required: Always,
			IfBlank: "Elige el estatus de esos estudios; es obligatorio",
			Asked:   func(a Answers) bool { return !a.Is(Degree, NoStudies) },
			Warn:    unusualStatus,
			Options: []Option{
				{Value: "cursando", Label: "Cursando"},
				{Value: "trunco", Label: "Trunco(a)"},
				{Value: "certificado", Label: "Certificado"},
				{Value: "titulo", Label: "Título"},
				{Value: "cedula", Label: "Cédula profesional"},
			},
		},
		{
			ID: OtherStudies, Label: "Otra formación académica (cursos, diplomados, seminarios…)", Kind: List,
			Basis: annex, Disclosure: Public, Max: 250, MaxRows: 20,
			Help: "Si tienes otros estudios, agrega uno por renglón.",
		},
	}}},
}

var historyPage = Page{
	ID: "historia", Title: "Historia profesional y/o laboral", Short: "Historia profesional",
	Parts: []Part{{ID: "historia_profesional", Label: "Historia profesional y/o laboral", Questions: []Question{
		essay(WorkHistory, 5000, "Historia profesional y/o laboral",
			"Describa la experiencia, los años y las actividades", "describe también los años y las actividades"),
	}}},
}

var trajectoryPage = Page{
	ID: "trayectoria", Title: "Trayectoria política y/o participación social", Short: "Trayectoria política y social",
	Parts: []Part{{ID: "trayectoria", Label: "Trayectoria política y/o participación social", Questions: []Question{
		essay(Trajectory, 5000, "Trayectoria política y/o participación social en organizaciones ciudadanas o de la sociedad civil",
			"Trayectoria, años y actividades realizadas", "describe también los años y las actividades"),
	}}},
}

var motivePage = Page{
	ID: "motivo", Title: "¿Por qué quiere ocupar un cargo público?", Short: "¿Por qué un cargo público?",
	Parts: []Part{{ID: "motivo_cargo_publico", Label: "¿Por qué quiere ocupar un cargo público?", Questions: []Question{
		essay(Motive, 2500, "¿Por qué quiere ocupar un cargo público?", "", "explica también tus razones"),
	}}},
}

var proposalsPage = Page{
	ID: "propuestas", Title: "Propuestas", Short: "Propuestas",
	Lead: "¿Cuáles son sus dos principales propuestas?",
	Parts: []Part{
		{ID: "propuesta_1", Label: "Propuesta 1", Questions: []Question{proposal(Proposal1, "Propuesta 1")}},
		{ID: "propuesta_2", Label: "Propuesta 2", Questions: []Question{proposal(Proposal2, "Propuesta 2")}},
		{ID: "propuesta_genero", Label: "Propuesta en materia de género", Questions: []Question{{
			ID: GenderProposal, Kind: LongText, Min: 280, Max: 1600, Basis: annex, Disclosure: Public,
			Label:  "Propuesta en materia de género o, en su caso, del grupo en situación de discriminación que representa",
			Help:   "Recomendada. Si no la escribes, el sitio dirá «La candidatura no proporcionó información».",
			Advice: "describe también la meta y el plazo",
		}}},
	},
}

func proposal(id ID, label string) Question {
	q := essay(id, 1600, label, "Describa la población objetivo, metas y plazos para su promoción como iniciativa de ley "+
		"o política pública", "describe también la meta y el plazo")
	q.IfBlank = "Escribe la propuesta; es obligatoria"
	return q
}

// essay is a mandatory text of 280 characters or more.
func essay(id ID, most int, label, help, advice string) Question {
	return Question{
		ID: id, Label: label, Help: help, Advice: advice, Kind: LongText, Min: 280, Max: most,
		Basis: annex, Disclosure: Public, Required: Always,
	}
}

// usualStatuses are the pairs that INE's open data of 2022 shows.
var usualStatuses = map[string][]string{
	"primaria":      {"certificado", "trunco"},
	"secundaria":    {"certificado", "trunco"},
	"preparatoria":  {"certificado", "cursando", "trunco"},
	"tecnica":       {"titulo", "trunco"},
	"licenciatura":  {"titulo", "cedula", "cursando", "trunco"},
	"especialidad":  {"titulo", "cedula", "cursando", "trunco"},
	"maestria":      {"titulo", "cedula", "cursando", "trunco"},
	"doctorado":     {"titulo", "cedula", "cursando", "trunco"},
	"postdoctorado": {"titulo", "cedula", "cursando", "trunco"},
}

// unusualStatus doubts a degree that does not come with that status.
func unusualStatus(a Answers) string {
	usual, ok := usualStatuses[a.Text(Degree)]
	for _, status := range usual {
		if a.Is(DegreeStatus, status) {
			return ""
		}
	}
	if !ok {
		return ""
	}
	return "Revisa el estatus: no es el que suele acompañar a ese grado de estudios. Si es correcto, déjalo así"
}
