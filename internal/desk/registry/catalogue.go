package registry

import (
	"embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"conoceles/internal/election"
)

// Catalogue is what a local election needs to know before its first list: the
// institute, the places of its state, the offices, the parties. It is data: one
// folder of CSV files for each institute. What is not certain says so, and
// screens show it «por verificar».
type Catalogue struct {
	Institution    Institution
	Districts      []DistrictEntry
	Municipalities []MunicipalityEntry
	Precincts      []PrecinctEntry
	Offices        []OfficeEntry
	Nominators     []NominatorEntry
}

// Institution is the institute that runs the system. State is the entidad
// federativa of every place of the catalogue.
type Institution struct {
	Name, Acronym, State, Address, Email, ITArea string
}

// DistrictEntry is a local district.
type DistrictEntry struct {
	Number   int
	Seat     string // cabecera
	ToVerify bool
}

// MunicipalityEntry is a municipio, with its tile on the mosaic.
type MunicipalityEntry struct {
	Code, Name          string
	Councillors         int
	ByParties           bool
	TileLabel           string
	TileColumn, TileRow int
	ToVerify            bool
}

// PrecinctEntry is a sección electoral.
type PrecinctEntry struct {
	Number       int
	Municipality string // code
	District     int
}

// OfficeEntry is an office. Synonyms are the other names lists give it.
type OfficeEntry struct {
	election.Office
	HasSubstitute bool
	Synonyms      []string
}

// NominatorEntry is a party or a coalition; Members are acronyms.
type NominatorEntry struct {
	Kind          election.NominatorKind
	Acronym, Name string
	Order         int
	Members       []string
	ToVerify      bool
}

//go:embed catalogue
var catalogues embed.FS

//go:embed sources
var sources embed.FS

// DefaultCatalogue returns the catalogue that the program carries. It is an
// error to carry several: which institute this is must not be a guess.
func DefaultCatalogue() (Catalogue, error) {
	folders, err := fs.ReadDir(catalogues, "catalogue")
	if err != nil {
		return Catalogue{}, err
	}
	if len(folders) != 1 {
		return Catalogue{}, fmt.Errorf("registry: %d catalogues embedded, want one", len(folders))
	}
	folder, err := fs.Sub(catalogues, "catalogue/"+folders[0].Name())
	if err != nil {
		return Catalogue{}, err
	}
	return LoadCatalogue(folder)
}

// LoadCatalogue reads a folder: instituto, distritos, municipios, secciones,
// cargos and actores, each .csv. An error names the file and the line.
func LoadCatalogue(folder fs.FS) (Catalogue, error) {
	var c Catalogue
	var errs []error
	load := func(file string, columns []string, add func(sheetRow)) {
		errs = append(errs, readSheet(folder, file, columns, add))
	}
	load("instituto.csv", []string{"nombre", "siglas", "entidad", "domicilio", "correo", "area_informatica"}, func(r sheetRow) {
		c.Institution = Institution{r.text(0), r.text(1), r.text(2), r.text(3), r.text(4), r.text(5)}
	})
	load("distritos.csv", []string{"distrito", "cabecera", "por_verificar"}, func(r sheetRow) {
		c.Districts = append(c.Districts, DistrictEntry{r.number(0), r.text(1), r.yes(2)})
	})
	load("municipios.csv", []string{"clave", "municipio", "regidurias", "elige_por_partidos", "abreviatura", "columna", "renglon", "por_verificar"},
		func(r sheetRow) {
			c.Municipalities = append(c.Municipalities, MunicipalityEntry{
				r.text(0), r.text(1), r.number(2), r.yes(3), r.text(4), r.number(5), r.number(6), r.yes(7),
			})
		})
	load("secciones.csv", []string{"seccion", "clave_municipio", "distrito"}, func(r sheetRow) {
		c.Precincts = append(c.Precincts, PrecinctEntry{r.number(0), r.text(1), r.number(2)})
	})
	load("actores.csv", []string{"tipo", "siglas", "nombre", "orden", "integrantes", "por_verificar"}, func(r sheetRow) {
		c.Nominators = append(c.Nominators, NominatorEntry{
			election.NominatorKind(r.text(0)), r.text(1), r.text(2), r.number(3), r.list(4), r.yes(5),
		})
	})
	offices, err := loadOffices(folder)
	c.Offices = offices
	return c, errors.Join(append(errs, err)...)
}

// loadOffices reads cargos.csv.
func loadOffices(folder fs.FS) ([]OfficeEntry, error) {
	var out []OfficeEntry
	columns := []string{"clave", "cargo", "nombre_ine", "ambito", "en_lista", "con_suplente", "orden_boleta", "descripcion", "sinonimos"}
	err := readSheet(folder, "cargos.csv", columns, func(r sheetRow) {
		out = append(out, OfficeEntry{
			Office: election.Office{
				Key: r.text(0), Name: r.text(1), INELabel: r.text(2), Ambit: election.Ambit(r.text(3)),
				Listed: r.yes(4), BallotOrder: r.number(6), Description: r.text(7),
			},
			HasSubstitute: r.yes(5), Synonyms: r.list(8),
		})
	})
	return out, err
}

// ineOffices are the offices that INE's historical files name.
func ineOffices() ([]OfficeEntry, error) {
	folder, err := fs.Sub(sources, "sources/ine")
	if err != nil {
		return nil, err
	}
	return loadOffices(folder)
}

// sheetRow is a row of a catalogue, its cells in the order asked for.
type sheetRow struct {
	cells []string
	bad   *[]string // cells that are not what they should be
}

func (r sheetRow) text(i int) string { return r.cells[i] }

func (r sheetRow) yes(i int) bool {
	if r.cells[i] != "si" && r.cells[i] != "no" {
		*r.bad = append(*r.bad, r.cells[i])
	}
	return r.cells[i] == "si"
}

func (r sheetRow) number(i int) int {
	n, err := strconv.Atoi(r.cells[i])
	if err != nil {
		*r.bad = append(*r.bad, r.cells[i])
	}
	return n
}

func (r sheetRow) list(i int) []string {
	if r.cells[i] == "" {
		return nil
	}
	return strings.Split(r.cells[i], "|")
}

// readSheet gives each row of a file of the catalogue to add.
func readSheet(folder fs.FS, file string, columns []string, add func(sheetRow)) error {
	f, err := folder.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(records) == 0 || strings.Join(records[0], ",") != strings.Join(columns, ",") {
		return fmt.Errorf("%s: its header must be %s", file, strings.Join(columns, ","))
	}
	for i, cells := range records[1:] {
		var bad []string
		add(sheetRow{cells, &bad})
		if len(bad) > 0 {
			return fmt.Errorf("%s, line %d: cannot read %q", file, i+2, bad)
		}
	}
	return nil
}
