package deskpage

import (
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/auth"
	"conoceles/web/component"
	"conoceles/web/es"
)

// The addresses of passkeys.
const (
	UsePasskeyPath = "/entrar/llave"
	PasskeysPath   = "/cuenta/llaves"
)

// Passkeys is a person's own passkeys, and what adds one.
type Passkeys struct {
	RegistryFrame
	List      []auth.Passkey
	Enrolled  bool   // the person has an application of codes
	Available bool   // at this address
	Options   string // what is asked of the device, as JSON
	Name      string
}

func (p Passkeys) table() component.Table {
	t := component.Table{Caption: "Tus llaves de acceso", Empty: "Todavía no tienes llaves.", Columns: []component.Column{
		{Title: "Llave"}, {Title: "Agregada"}, {Title: "Último uso"}, {Title: "Quitar"},
	}}
	for _, k := range p.List {
		used := "Sin usar"
		if k.LastUsedAt != nil {
			used = es.FullDateTime(*k.LastUsedAt)
		}
		t.Rows = append(t.Rows, component.Row{Title: k.Name, Cells: []templ.Component{
			component.Words(es.FullDateTime(k.CreatedAt)), component.Words(used), removePasskey(k),
		}})
	}
	return t
}

func passkeyPath(id int64) string { return PasskeysPath + "/" + strconv.FormatInt(id, 10) + "/quitar" }
