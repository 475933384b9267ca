// Package election is the contest in law: processes and their calendar, what is
// elected and where, who nominates whom, in which order the ballot lists them.
//
// It is pure: values and the rules that hold between them, with the standard
// library only. Stores fill these types; pages print them. Enum values are the
// Spanish words that the database keeps and the open data prints.
package election

import "time"

// Process is one election, a body of historical data, or a drill.
type Process struct {
	ID       int64
	Key      string // in addresses: «morelos-2024»
	Name     string
	Kind     ProcessKind
	Demo     bool
	Source   string // who validated the data, when it was not us
	Calendar Calendar
}

// ProcessKind says what a process is for.
type ProcessKind string

// The kinds of process.
const (
	Election ProcessKind = "eleccion"
	Archive  ProcessKind = "consulta"  // historical data
	Drill    ProcessKind = "simulacro" // rehearsal
)

// Ambit is the territory in which an office is voted.
type Ambit string

// The ambits of an office.
const (
	InState        Ambit = "estado"
	InConstituency Ambit = "circunscripcion" // the lists of proportional representation
	InDistrict     Ambit = "distrito"
	InMunicipality Ambit = "municipio"
)

// Office is what is elected. Offices are data: these keys are the ones a local
// election usually has; historical files bring others.
type Office struct {
	ID          int64
	Key         string
	Name        string
	INELabel    string
	Ambit       Ambit
	Listed      bool // nominated as an ordered list
	BallotOrder int
	Description string
}

// District is an electoral district of a state.
type District struct {
	ID      int64
	StateID int64
	Number  int
	Seat    string // cabecera
}

// Municipality is a municipio; ByParties is false where the ayuntamiento is
// elected by sistemas normativos.
type Municipality struct {
	ID         int64
	StateID    int64
	Code       string
	Name       string
	ByParties  bool
	TileColumn int // position on the mosaic, 0 when it has none
	TileRow    int
	TileLabel  string
}

// Precinct is a sección electoral: where a voter votes, and so what is on the ballot.
type Precinct struct {
	Number         int
	MunicipalityID int64
	DistrictID     int64
}

// NominatorKind says who nominates.
type NominatorKind string

// The kinds of nominator (actor postulante).
const (
	Party            NominatorKind = "partido"
	Coalition        NominatorKind = "coalicion"
	CandidaturaComun NominatorKind = "candidatura_comun"
	Independent      NominatorKind = "independiente"
)

// Nominator is a party, a coalition, a candidatura común or an independent.
type Nominator struct {
	ID            int64
	Kind          NominatorKind
	Acronym       string
	Name          string
	RegistryOrder int     // seniority of its registration
	Members       []int64 // parties of a coalition or candidatura común
}

// Role is the calidad with which a person stands.
type Role string

// The two roles.
const (
	Propietaria Role = "propietaria"
	Suplente    Role = "suplente"
)

// Sex is the sex in the registration list.
type Sex string

// The sexes a registration list may say.
const (
	Woman     Sex = "mujer"
	Man       Sex = "hombre"
	NonBinary Sex = "no_binario"
)

// Standing is whether a candidacy is still on the ballot (vigencia).
type Standing string

// The standings of a candidacy.
const (
	Approved  Standing = "aprobada"
	Resigned  Standing = "renuncia"
	Died      Standing = "fallecimiento"
	Cancelled Standing = "cancelada"
	Replaced  Standing = "sustituida"
)

// AffirmativeAction is a group in whose name the registration says a person
// stands. It comes from the acuerdo, never from an answer, and is public (INAI
// RRA 10703/21).
type AffirmativeAction string

// The catalogue of acciones afirmativas.
const (
	Indigenous    AffirmativeAction = "indigena"
	Disability    AffirmativeAction = "discapacidad"
	AfroMexican   AffirmativeAction = "afromexicana"
	LGBTTTIQ      AffirmativeAction = "lgbttiq"
	Young         AffirmativeAction = "joven"
	Elder         AffirmativeAction = "mayor"
	MigrantAbroad AffirmativeAction = "migrante"
)

// AffirmativeActions lists the catalogue in its official order.
func AffirmativeActions() []AffirmativeAction {
	return []AffirmativeAction{Indigenous, Disability, AfroMexican, LGBTTTIQ, Young, Elder, MigrantAbroad}
}

// AgeOn returns the completed years of someone born on birth, on the day ref.
func AgeOn(birth, ref time.Time) int {
	years := ref.Year() - birth.Year()
	if ref.Month() < birth.Month() || ref.Month() == birth.Month() && ref.Day() < birth.Day() {
		years--
	}
	return years
}

// AgeBand is a range of ages, both ends included; To is 0 when it has no end.
type AgeBand struct {
	Key      string
	From, To int
}

// AgeBands returns the ranges of the reports (domain: table T-6).
func AgeBands() []AgeBand {
	return []AgeBand{
		{"18-24", 18, 24},
		{"25-29", 25, 29},
		{"30-39", 30, 39},
		{"40-49", 40, 49},
		{"50-59", 50, 59},
		{"60", 60, 0},
	}
}
