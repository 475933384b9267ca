package account_test

import (
	"bytes"
	"strings"
	"testing"

	"conoceles/internal/desk/account"
	"conoceles/internal/fault"
)

func TestAListInvitesEverybodyOrNobody(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	h.Candidacy(h.party, "Ana", "Ejemplo")
	var folio string
	if err := h.Desk.QueryRow(ctx, `SELECT folio FROM desk.candidacies`).Scan(&folio); err != nil {
		t.Fatal(err)
	}
	good := "Correo;Nombre;Función;Actor;Candidatura\nolga@raiz.invalid;Olga Ficticia;operador;RAIZ;\nana@raiz.invalid;Ana Ejemplo;candidata;;" + folio + "\n"
	plan, err := h.store.Check(ctx, h.admin, []byte(good))
	if err != nil || !plan.Ready() || len(plan.People) != 2 {
		t.Fatalf("got %+v, %v", plan, err)
	}
	if n := h.count(`SELECT count(*) FROM desk.outbox`); n != 0 {
		t.Error("reviewing the list sent something")
	}
	key := h.key()
	for range 2 { // the same form, twice
		if n, err := h.store.Load(ctx, h.admin, key, []byte(good)); err != nil || n != 2 {
			t.Fatalf("got %d, %v", n, err)
		}
	}
	if n := h.count(`SELECT count(*) FROM desk.outbox`); n != 2 {
		t.Errorf("%d messages were sent, want two", n)
	}
	bad := "CORREO,NOMBRE,FUNCION,ACTOR\nnueva@raiz.invalid,Nueva Persona,operador,RAIZ\nolga@raiz.invalid,Olga Ficticia,operador,RAIZ\n"
	if _, err := h.store.Load(ctx, h.admin, h.key(), []byte(bad)); !fault.Is(err, fault.Invalid) {
		t.Errorf("with somebody who has a role: %v, want invalid", err)
	}
	if n := h.count(`SELECT count(*) FROM desk.accounts WHERE email = 'nueva@raiz.invalid'`); n != 0 {
		t.Error("half of the list was invited")
	}
}

func TestWhatIsWrongWithAListIsSaidCellByCell(t *testing.T) {
	h := newHouse(t)
	const header = "CORREO,NOMBRE,FUNCION,ACTOR,CANDIDATURA,HASTA\n"
	for _, tt := range []struct {
		name, row, column, want string
	}{
		{"no address", "sin arroba,Olga Ficticia,operador,RAIZ,,", "CORREO", "nombre@ejemplo.mx"},
		{"no name", "o@raiz.invalid,,operador,RAIZ,,", "NOMBRE", "nombre completo"},
		{"no role", "o@raiz.invalid,Olga Ficticia,,RAIZ,,", "FUNCION", "Elige la función"},
		{"a role of the institute", "o@raiz.invalid,Olga Ficticia,titular,,,", "FUNCION", "con dos personas"},
		{"an unknown party", "o@raiz.invalid,Olga Ficticia,operador,NADIE,,", "ACTOR", "no está en el proceso"},
		{"a party for a candidate", "o@raiz.invalid,Olga Ficticia,candidata,RAIZ,PRU-1,", "ACTOR", "déjalo vacío"},
		{"an unknown folio", "o@raiz.invalid,Olga Ficticia,candidata,,PRU-99,", "CANDIDATURA", "con ese folio"},
		{"a formula", "=1+1,Olga Ficticia,operador,RAIZ,,", "CORREO", "nombre@ejemplo.mx"},
		{"no date", "o@raiz.invalid,Olga Ficticia,operador,RAIZ,,31/02/2027", "HASTA", "30/03/2027"},
		{"a past date", "o@raiz.invalid,Olga Ficticia,operador,RAIZ,,01/01/2027", "HASTA", "después de hoy"},
		{"a role already", "v@raiz.invalid,Vera Ficticia,operador,RAIZ,,", "CORREO", "ya tiene una función"},
		{"twice in the list", "o@raiz.invalid,Olga Ficticia,operador,RAIZ,,\nO@raiz.invalid,Otra Ficticia,operador,RAIZ,,", "CORREO", "ya está en el renglón 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			plan, err := h.store.Check(t.Context(), h.admin, []byte(header+tt.row+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if plan.Ready() {
				t.Error("it may be loaded")
			}
			found := false
			for _, p := range plan.Problems {
				found = found || p.Column == tt.column && p.Line >= 2 && strings.Contains(p.Text, tt.want)
			}
			if !found {
				t.Errorf("got %v, want %s: %s", plan.Problems, tt.column, tt.want)
			}
		})
	}
}

func TestFilesThatAreNoList(t *testing.T) {
	h := newHouse(t)
	for name, data := range map[string][]byte{
		"nothing": {}, "no text": bytes.Repeat([]byte{0xff, 0x00}, 50), "a picture": []byte("\x89PNG\r\n\x1a\n\x00\x00"), "a broken XLSX": []byte("PK\x03\x04 rota"),
		"no known column": []byte("A,B\n1,2\n"), "a header alone": []byte("CORREO,NOMBRE,FUNCION\n"),
		"too many": []byte("CORREO,NOMBRE,FUNCION,ACTOR\n" + strings.Repeat("o@raiz.invalid,Olga Ficticia,operador,RAIZ\n", 2001)),
	} {
		plan, err := h.store.Check(t.Context(), h.admin, data)
		if err == nil && plan.Ready() {
			t.Errorf("%s may be loaded", name)
		}
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
}

// The template that is offered is one that is read.
func TestTheTemplateIsReadBack(t *testing.T) {
	h := newHouse(t)
	var b bytes.Buffer
	if err := account.WriteTemplate(&b); err != nil {
		t.Fatal(err)
	}
	plan, err := h.store.Check(t.Context(), h.admin, append(b.Bytes(), "olga@raiz.invalid,Olga Ficticia,operador,RAIZ,,\r\n"...))
	if err != nil || !plan.Ready() {
		t.Errorf("got %+v, %v", plan, err)
	}
}
