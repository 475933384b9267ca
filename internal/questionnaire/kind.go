package questionnaire

// Kind says what sort of thing answers a question. The set is closed: the
// form, the parser, the checks and the published profile know every member,
// and a definition that names another does not start.
type Kind string

// The kinds. Their values are what the data dictionary prints.
const (
	ShortText   Kind = "texto_corto"  // one line
	LongText    Kind = "texto_largo"  // paragraphs, counted
	Choice      Kind = "opcion"       // one of Options
	Choices     Kind = "opciones"     // any of Options
	YesNoPrefer Kind = "si_no"        // Yes, No, PreferNot; brings its own options
	Country     Kind = "pais"         // one of a list too long for radio buttons
	Email       Kind = "correo"       // an e-mail address
	Phone       Kind = "telefono"     // ten digits of Mexico
	Link        Kind = "enlace"       // an http or https address
	NamedLink   Kind = "enlace_de"    // a network's name and an address in it
	Postal      Kind = "cp"           // a postal code of five digits
	Address     Kind = "domicilio"    // a place people may visit
	Photo       Kind = "fotografia"   // the SHA-256, in hexadecimal, of a stored photo
	List        Kind = "lista_textos" // any number of single lines, up to MaxRows
)

// Shape says where an Answer keeps what a question receives.
type Shape int

// The shapes.
const (
	Scalar   Shape = iota // Answer.Text, form name "id"
	Set                   // Answer.Texts, form name "id" repeated
	Sequence              // Answer.Texts, form names "id.0", "id.1"…
	Table                 // Answer.Rows, form names "id.0.column"…
)

// Column is one box of a row of a Table-shaped question.
type Column struct {
	Name     string // form and JSON name
	Label    string
	Kind     Kind
	Max      int // characters; 0 where Kind sets its own limit
	Required bool
}

var addressColumns = []Column{
	{Name: "calle", Label: "Calle", Kind: ShortText, Max: 120, Required: true},
	{Name: "num_ext", Label: "Número exterior", Kind: ShortText, Max: 20},
	{Name: "num_int", Label: "Número interior", Kind: ShortText, Max: 20},
	{Name: "colonia", Label: "Colonia o localidad", Kind: ShortText, Max: 120, Required: true},
	{Name: "cp", Label: "Código postal", Kind: Postal},
	{Name: "municipio", Label: "Municipio", Kind: ShortText, Max: 80, Required: true},
	{Name: "referencias", Label: "Referencias", Kind: ShortText, Max: 200},
}

var namedLinkColumns = []Column{
	{Name: "nombre", Label: "Nombre de la red", Kind: ShortText, Max: 60, Required: true},
	{Name: "url", Label: "Dirección de tu perfil", Kind: Link, Required: true},
}

// Columns are the boxes of each row of an Address or a NamedLink, in the order
// of the form; nil for every other kind. The caller must not change them.
func (k Kind) Columns() []Column {
	switch k {
	case Address:
		return addressColumns
	case NamedLink:
		return namedLinkColumns
	}
	return nil
}

// HasOptions reports whether an answer of this kind is taken from Options.
func (k Kind) HasOptions() bool {
	switch k {
	case Choice, Choices, YesNoPrefer, Country:
		return true
	}
	return false
}

func (k Kind) known() bool {
	switch k {
	case ShortText, LongText, Email, Phone, Link, Postal, Photo, List:
		return true
	}
	return k.HasOptions() || k.Columns() != nil
}

// mayRepeat reports whether MaxRows means something for this kind.
func (k Kind) mayRepeat() bool {
	switch k {
	case ShortText, Email, Phone, Link, List, Address, NamedLink:
		return true
	}
	return false
}

// needsMax reports whether a definition must say how long the text may be.
func (k Kind) needsMax() bool {
	return k == ShortText || k == LongText || k == List
}
