package questionnaire

import "fmt"

// Identity is the questionnaire of identity, version 1: twenty questions on
// origin, disability, sexual diversity, migration, age and income, in six
// topics. Wording, numbers and options are those that INE applied in 2022; the
// few that its annex left out are marked in domain.md 4.1.
//
// Nothing in it is public by itself: every answer is ByConsent, every question
// may be answered «Prefiero no contestar», and all are mandatory, that being
// the way to keep silent (Lineamientos, art. 15 b, e). What somebody may be
// shown is decided by Publishable and nothing else.
//
// It is frozen: to change anything below, write version 2.
func Identity() *Questionnaire { return identity }

// IdentityEdition returns the identity questionnaire of an edition. One that
// does not exist is an error: answers must never be read with the questions of
// another.
func IdentityEdition(version string) (*Questionnaire, error) {
	if q := Identity(); q.Version == version {
		return q, nil
	}
	return nil, fmt.Errorf("questionnaire: there is no identity edition %q", version)
}

// The twenty questions.
const (
	Indigenous           ID = "p01_indigena"
	IndigenousLanguage   ID = "p02_lengua"
	IndigenousPeople     ID = "p03_pueblo"
	Disability           ID = "p04_discapacidad"
	DisabilityDuration   ID = "p05_disc_duracion"
	DisabilityType       ID = "p06_disc_tipo"
	DisabilityDifficulty ID = "p07_disc_dificulta"
	AfroMexican          ID = "p08_afromexicana"
	LGBT                 ID = "p09_lgbt"
	LGBTIdentity         ID = "p10_lgbt_identidad"
	Migrant              ID = "p11_migrante"
	Residence            ID = "p12_pais"
	TimeAbroad           ID = "p13_tiempo_ext"
	ReasonAbroad         ID = "p14_motivo_ext"
	RegularAbroad        ID = "p15_situacion_reg"
	Young                ID = "p16_joven"
	Elder                ID = "p17_mayor"
	Income               ID = "p18_ingresos"
	IncomeSource         ID = "p19_fuente"
	BirthPlace           ID = "p20_entidad_nac"
)

// NotApplicable is the option «No aplica» of IndigenousPeople: an answer, but
// never one to show.
const NotApplicable = "no_aplica"

var identity = Must(Questionnaire{
	Key: "identidad", Version: "1", Title: "Cuestionario de identidad",
	Pages: []Page{indigenousPage, disabilityPage, afroMexicanPage, diversityPage, migrantPage, generalPage},
})

var indigenousPage = topic("indigena", "Autoadscripción indígena",
	"Basta con que una persona o un grupo se identifique como indígena para serlo. (Jurisprudencia 12/2013 del TEPJF; "+
		"Constitución, art. 2; Convenio 169 de la OIT, art. 1.2; Declaración de las Naciones Unidas sobre los Derechos "+
		"de los Pueblos Indígenas, arts. 3, 4, 9 y 32)",
	Question{
		ID: Indigenous, Kind: YesNoPrefer,
		Label: "¿Se identifica como una persona indígena o como parte de algún pueblo o comunidad indígena?",
	},
	Question{ID: IndigenousLanguage, Kind: YesNoPrefer, Label: "¿Habla y/o entiende alguna lengua indígena nacional?"},
	Question{ID: IndigenousPeople, Kind: Choice, Label: "¿A qué pueblo y/o comunidad indígena pertenece?", Options: peoples},
)

var disabilityPage = topic("discapacidad", "Población con discapacidad",
	"Discapacidad: «Es la consecuencia de la presencia de una deficiencia o limitación en una persona, que al interactuar "+
		"con las barreras que le impone el entorno social, pueda impedir su inclusión plena y efectiva en la sociedad, en "+
		"igualdad de condiciones con los demás.» (Ley General para la Inclusión de las Personas con Discapacidad)",
	Question{ID: Disability, Kind: YesNoPrefer, Label: "¿Tiene alguna discapacidad?"},
	Question{
		ID: DisabilityDuration, Kind: Choice,
		Label: "En caso de haber respondido afirmativamente la pregunta anterior, el tipo de discapacidad con el que vive es:",
		Options: []Option{
			{Value: "permanente", Label: "Permanente"},
			{Value: "temporal", Label: "Temporal"},
			preferNot,
		},
	},
	Question{
		ID: DisabilityType, Kind: Choice, Label: "En caso afirmativo, ¿de qué tipo?",
		Help: "Física: secuela o malformación que deriva de una afección del sistema neuromuscular. Sensorial: deficiencia " +
			"estructural o funcional de los órganos de la visión, audición, tacto, olfato y gusto. Mental: alteración o " +
			"deficiencia en el sistema neuronal que, aunada a una sucesión de hechos que la persona no puede manejar, detona " +
			"un cambio en su comportamiento. Intelectual: limitaciones significativas en la estructura del pensamiento " +
			"razonado y en la conducta adaptativa. (Ley General para la Inclusión de las Personas con Discapacidad)",
		Options: []Option{
			{Value: "fisica", Label: "Física"},
			{Value: "sensorial_visual", Label: "Sensorial: visual"},
			{Value: "sensorial_auditiva", Label: "Sensorial: auditiva"},
			{Value: "sensorial_otra", Label: "Sensorial: otra", Free: true},
			{Value: "mental", Label: "Mental"},
			{Value: "intelectual", Label: "Intelectual"},
			{Value: "otra", Label: "Otra", Free: true},
			preferNot,
		},
	},
	Question{
		ID: DisabilityDifficulty, Kind: Choices, Label: "Su discapacidad le dificulta o impide:",
		Help: "Puedes elegir varias.",
		Options: []Option{
			{Value: "caminar", Label: "Caminar, subir y bajar escaleras con sus piernas"},
			{Value: "brazos", Label: "Mover o usar brazos y/o manos"},
			{Value: "ver", Label: "Ver (aunque use lentes)"},
			{Value: "oir", Label: "Oír (aunque use aparato auditivo)"},
			{Value: "hablar", Label: "Hablar o comunicarse"},
			{Value: "aprender", Label: "Aprender, recordar y/o concentrarse"},
			{Value: "interactuar", Label: "Interactuar emocional y/o intelectualmente en un entorno social"},
			{Value: "otra", Label: "Otra", Free: true},
			{Value: PreferNot, Label: preferNot.Label, Alone: true},
		},
	},
)

var afroMexicanPage = topic("afromexicana", "Población afromexicana",
	"Una persona afromexicana es la que «desciende de personas africanas y tiene nacionalidad mexicana». "+
		"(Constitución, art. 2, apartado C; INEGI, Encuesta Intercensal 2015)",
	Question{
		ID: AfroMexican, Kind: YesNoPrefer,
		Label: "¿Se considera una persona afromexicana o que forma parte de alguna comunidad afrodescendiente?",
	},
)

var diversityPage = topic("diversidad_sexual", "Diversidad sexual",
	"Los términos son los del Glosario de la diversidad sexual, de género y características sexuales. (CONAPRED, 2016)",
	Question{
		ID: LGBT, Kind: YesNoPrefer,
		Label: "¿Es usted una persona de la población LGBTTTIQ+ (Lesbiana, Gay, Bisexual, Transgénero, Travesti, " +
			"Transexual, Intersexual, Queer, No Binaria, u otra)?",
	},
	Question{
		ID: LGBTIdentity, Kind: Choice,
		Label: "En caso de haber respondido afirmativamente a la pregunta anterior, usted se identifica como:",
		Help: "Gay: hombre que siente atracción erótica y afectiva por hombres. Lesbiana: mujer que la siente por mujeres. " +
			"Bisexual: persona que la siente por personas de su género y de otro. Trans: «término paraguas … cuyo " +
			"denominador común es que el sexo asignado al nacer no concuerda con la identidad y/o expresiones de género». " +
			"Intersexual: persona cuya anatomía o fisiología no se ajusta por completo a lo que se define como masculino y " +
			"femenino. Queer: persona que no se identifica con el binarismo de género.",
		Options: []Option{
			{Value: "hombre_gay", Label: "Hombre gay"},
			{Value: "mujer_lesbiana", Label: "Mujer lesbiana"},
			{Value: "persona_bisexual", Label: "Persona bisexual"},
			{Value: "mujer_trans", Label: "Mujer trans"},
			{Value: "hombre_trans", Label: "Hombre trans"},
			{Value: "persona_intersexual", Label: "Persona intersexual"},
			{Value: "queer", Label: "Queer"},
			{Value: "otra", Label: "Otra", Free: true},
			preferNot,
		},
	},
)

var migrantPage = topic("migrante", "Persona mexicana migrante",
	"Migrante: «toda persona que se traslada fuera de su lugar de residencia habitual, ya sea dentro de un país o a través "+
		"de una frontera internacional, de manera temporal o permanente, y por diversas razones». (Organización "+
		"Internacional para las Migraciones)",
	Question{ID: Migrant, Kind: YesNoPrefer, Label: "¿Es usted migrante?"},
	Question{ID: Residence, Kind: Country, Label: "¿En qué país reside?", Options: countries},
	Question{ID: TimeAbroad, Kind: Choice, Label: "¿Cuánto tiempo ha vivido en el extranjero?", Options: []Option{
		{Value: "de_0_a_5", Label: "De 0 a 5 años"},
		{Value: "de_6_a_15", Label: "De 6 a 15 años"},
		{Value: "mas_de_15", Label: "Más de 15 años"},
		preferNot,
	}},
	Question{ID: ReasonAbroad, Kind: Choice, Label: "¿Cuál fue el motivo de la residencia en el extranjero?", Options: []Option{
		{Value: "familiar", Label: "Familiar"},
		{Value: "estudio", Label: "Estudio"},
		{Value: "trabajo", Label: "Trabajo"},
		{Value: "otro", Label: "Otro", Free: true},
		preferNot,
	}},
	Question{
		ID: RegularAbroad, Kind: YesNoPrefer,
		Label: "Cuando emigró, ¿se encontraba con una situación regular de trabajo o con un lugar asegurado en alguna " +
			"institución educativa del país extranjero?",
	},
)

var generalPage = topic("general", "Información general",
	"Si perteneces a la población joven o mayor se toma de tu fecha de nacimiento; puedes preferir no contestar.",
	Question{ID: Young, Kind: YesNoPrefer, Label: "¿Es parte de la población joven (entre 18 y 29 años)?"},
	Question{ID: Elder, Kind: YesNoPrefer, Label: "¿Es parte de la población de personas mayores (60 años o más)?"},
	Question{
		ID: Income, Kind: Choice, Label: "¿En cuál de los siguientes grupos de ingresos se encuentra? (mensuales)",
		Options: []Option{
			{Value: "menos_de_11000", Label: "Menos de $11,000"},
			{Value: "de_11001_a_25000", Label: "De $11,001 a $25,000"},
			{Value: "de_25001_a_50000", Label: "De $25,001 a $50,000"},
			{Value: "de_50001_a_75000", Label: "De $50,001 a $75,000"},
			{Value: "de_75001_a_112000", Label: "De $75,001 a $112,000"},
			{Value: "mas_de_112000", Label: "Más de $112,000"},
			{Value: "no_recibe", Label: "No recibe ingresos"},
			preferNot,
		},
	},
	Question{ID: IncomeSource, Kind: Choice, Label: "Su fuente principal de ingresos es:", Options: []Option{
		{Value: "salario", Label: "Salario"},
		{Value: "negocio", Label: "Negocio propio"},
		{Value: "empresa", Label: "Compañía o empresa registrada, con 5 empleados o más"},
		{Value: "no_ha_laborado", Label: "No ha laborado en los 3 meses anteriores"},
		preferNot,
	}},
	Question{ID: BirthPlace, Kind: Choice, Label: "Entidad federativa de nacimiento:", Options: birthPlaces},
)

var preferNot = Option{Value: PreferNot, Label: "Prefiero no contestar"}

// topic is a page of one part, whose questions get what all of identity share.
func topic(id ID, title, lead string, questions ...Question) Page {
	for i := range questions {
		q := &questions[i]
		q.Basis, q.Disclosure = annex, ByConsent
		q.Asked, q.Required = askedWhen(q.ID), Always
		q.IfBlank = "Elige una opción; si no quieres decirlo, elige «Prefiero no contestar»"
	}
	return Page{ID: id, Title: title, Short: title, Lead: lead, Parts: []Part{{ID: id, Label: title, Questions: questions}}}
}
