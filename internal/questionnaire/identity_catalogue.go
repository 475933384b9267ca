package questionnaire

import "strings"

// peoples are the 68 agrupaciones lingüísticas of INALI's catalogue of 2008, in
// alphabetical order. An institute moves its own to the front with OptionsFirst.
var peoples = append(named(
	"Akateko", "Amuzgo", "Awakateko", "Ayapaneco", "Chatino", "Chichimeco jonaz", "Chinanteco", "Chocholteco", "Ch'ol",
	"Chontal de Oaxaca", "Chontal de Tabasco", "Chuj", "Cora", "Cucapá", "Cuicateco", "Guarijío", "Huasteco", "Huave",
	"Huichol", "Ixcateco", "Ixil", "Jakalteko", "Kaqchikel", "K'iche'", "Kickapoo", "Kiliwa", "Ku'ahl", "Kumiai",
	"Lacandón", "Mam", "Matlatzinca", "Maya", "Mayo", "Mazahua", "Mazateco", "Mixe", "Mixteco", "Náhuatl", "Oluteco",
	"Otomí", "Paipai", "Pame", "Pápago", "Pima", "Popoloca", "Popoluca de la Sierra", "Q'anjob'al", "Qato'k", "Q'eqchi'",
	"Sayulteco", "Seri", "Tarahumara", "Tarasco", "Teko", "Tepehua", "Tepehuano del norte", "Tepehuano del sur",
	"Texistepequeño", "Tlahuica", "Tlapaneco", "Tojolabal", "Totonaco", "Triqui", "Tseltal", "Tsotsil", "Yaqui",
	"Zapoteco", "Zoque"),
	Option{Value: "otro", Label: "Otro", Free: true},
	Option{Value: NotApplicable, Label: "No aplica"},
	preferNot,
)

// birthPlaces are the 32 entidades federativas, in INEGI's order and names, and
// abroad.
var birthPlaces = append(named(
	"Aguascalientes", "Baja California", "Baja California Sur", "Campeche", "Coahuila de Zaragoza", "Colima", "Chiapas",
	"Chihuahua", "Ciudad de México", "Durango", "Guanajuato", "Guerrero", "Hidalgo", "Jalisco", "México",
	"Michoacán de Ocampo", "Morelos", "Nayarit", "Nuevo León", "Oaxaca", "Puebla", "Querétaro", "Quintana Roo",
	"San Luis Potosí", "Sinaloa", "Sonora", "Tabasco", "Tamaulipas", "Tlaxcala", "Veracruz de Ignacio de la Llave",
	"Yucatán", "Zacatecas"),
	Option{Value: "extranjero", Label: "Extranjero"},
	preferNot,
)

// named are options whose value is their name in plain letters: «Ch'ol» is
// chol, «Tepehuano del sur» is tepehuano_del_sur.
func named(labels ...string) []Option {
	options := make([]Option, 0, len(labels)+3) // room for what follows a list
	for _, label := range labels {
		options = append(options, Option{Value: plainLetters(label), Label: label})
	}
	return options
}

var plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n", "'", "", " ", "_")

func plainLetters(label string) string { return plain.Replace(strings.ToLower(label)) }
