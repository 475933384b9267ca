package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/retention"
	"conoceles/web/component"
	"conoceles/web/es"
)

// RetentionHome is the address of what happens to the data after the election.
const RetentionHome = "/transparencia/conservacion"

// The fields of the forms about retention.
const (
	RetentionKind    = "clase"
	RetentionFolio   = "folio"
	RetentionRequest = "solicitud"
	RetentionDay     = "desde"
	RetentionHour    = "hora"
	RetentionBasis   = "sustento"
	RetentionDate    = "fecha"
	RetentionReason  = "motivo"
)

// RetentionPath is the address of an act, or of something of it.
func RetentionPath(id int64, more ...string) string {
	path := RetentionHome + "/" + strconv.FormatInt(id, 10)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// Retention is where the data of a process are on their way out.
type Retention struct {
	RegistryFrame
	retention.State
	Acts  []retention.Act
	Kinds []retention.Kind // that whoever looks may propose
}

func (r Retention) facts() []component.Fact {
	h := r.Held
	facts := []component.Fact{
		{Term: "La identidad se publica", Value: "Hasta el " + orText(r.IdentityEnds != nil, func() string { return es.FullDateTime(*r.IdentityEnds) }, "día de la jornada, que no tiene fecha")},
		{Term: "Los perfiles se publican", Value: orText(r.SiteUntil != nil, func() string { return "Hasta el " + es.FullDateTime(*r.SiteUntil) }, "Sin fecha de término")},
		{Term: "Informe final", Value: orText(r.ReportOn != nil, func() string { return dayText(*r.ReportOn) }, "Sin registrar")},
		{Term: "Llave de bloqueo", Value: orText(r.HasBlockKey, func() string { return "Hecha; la privada está con sus custodios" }, "Sin hacer")},
		{Term: "Bloqueo", Value: orText(r.BlockedAt != nil, func() string { return es.FullDateTime(*r.BlockedAt) }, "Pendiente")},
	}
	if r.SuppressedAt != nil {
		return append(facts, component.Fact{Term: "Supresión", Value: es.FullDateTime(*r.SuppressedAt)})
	}
	if !r.MayForget().IsZero() {
		facts = append(facts, component.Fact{Term: "Supresión", Value: "Desde el " + dayText(r.MayForget())})
	}
	return append(facts, component.Fact{Term: "En resguardo", Value: es.Plural(h.Keys, "llave en uso", "llaves en uso") + ", " +
		es.Plural(h.Blocked, "bloqueada", "bloqueadas") + ", " + es.Plural(h.Destroyed, "destruida", "destruidas")})
}

func orText(ok bool, text func() string, otherwise string) string {
	if ok {
		return text()
	}
	return otherwise
}

func (r Retention) table() component.Table {
	t := component.Table{
		Caption: "Actos de conservación", Empty: "Todavía no hay actos.",
		Columns: []component.Column{{Title: "Acto"}, {Title: "Sustento"}, {Title: "Propuso"}, {Title: "Estado"}},
	}
	for _, a := range r.Acts {
		t.Rows = append(t.Rows, component.Row{
			Title: a.Kind.Title(), Note: a.Folio, Href: RetentionPath(a.ID), Marked: a.Waits(),
			Cells: []templ.Component{
				component.Words(a.Basis), component.Words(a.ProposedBy + ", " + es.DateTime(a.ProposedAt)), component.StateTag(actState(a.State)),
			},
		})
	}
	return t
}

// RetentionForm proposes an act.
type RetentionForm struct {
	sheet
	Kind retention.Kind
}

// NewRetentionForm returns the form of a class of act with what was typed.
func NewRetentionForm(f RegistryFrame, k retention.Kind, keys component.FormKeys, values url.Values) RetentionForm {
	return RetentionForm{sheet{f, keys, values}, k}
}

func (f RetentionForm) ofOne() bool {
	return f.Kind == retention.Erase || f.Kind == retention.Opening
}

// basis says what an act of each class rests on.
func (f RetentionForm) basis() (label, hint string) {
	switch f.Kind {
	case retention.Block:
		return "Acuerdo que tuvo por presentado el informe final", "Con su número completo."
	case retention.Erase:
		return "Folio de la solicitud, acuerdo o resolución", ""
	}
	return "Acuerdo, oficio o resolución", "Con su número completo."
}

// RetentionAct is an act and its decision.
type RetentionAct struct {
	sheet
	retention.Act
	Problem string // why it cannot be done now
	Own     bool   // whoever looks proposed it
}

// NewRetentionAct returns the page of an act.
func NewRetentionAct(f RegistryFrame, a retention.Act, keys component.FormKeys, values url.Values) RetentionAct {
	return RetentionAct{sheet: sheet{f, keys, values}, Act: a}
}

func (a RetentionAct) facts() []component.Fact {
	facts := []component.Fact{{Term: "Sustento", Value: a.Basis + ", del " + dayText(a.BasisDate)}}
	add := func(ok bool, term, value string) {
		if ok {
			facts = append(facts, component.Fact{Term: term, Value: value})
		}
	}
	add(a.Folio != "", "Folio de la candidatura", a.Folio)
	add(a.Request != "", "Solicitud ARCO", a.Request)
	if a.EffectiveAt != nil {
		add(true, "El sitio deja de mostrarse", es.FullDateTime(*a.EffectiveAt))
	}
	add(a.Reason != "", "Motivo", a.Reason)
	add(true, "Propuso", a.ProposedBy+", "+es.FullDateTime(a.ProposedAt))
	if a.DecidedAt != nil {
		add(a.State == "confirmado", "Confirmó", a.DecidedBy+", "+es.FullDateTime(*a.DecidedAt))
		add(a.State == "desechado", "Desechó", a.DecidedBy+", "+es.FullDateTime(*a.DecidedAt)+". "+a.Discarded)
	}
	add(a.CertificateHash != "", "Huella del acta (SHA-256)", a.CertificateHash)
	return facts
}

// irreversible reports whether confirming it cannot be undone.
func (a RetentionAct) irreversible() bool {
	return a.Kind == retention.Suppress || a.Kind == retention.Erase
}
