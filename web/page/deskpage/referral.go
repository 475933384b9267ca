package deskpage

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"conoceles/internal/desk/duty"
	"conoceles/web/component"
	"conoceles/web/es"
)

// ReferralsHome is the address of the vistas.
const ReferralsHome = "/transparencia/vistas"

// ReferralPath is the address of a vista, or of something in it.
func ReferralPath(id int64, more ...string) string { return numbered(ReferralsHome, id, more) }

// Referrals is the list of vistas and, for the Head, the form of the next one.
type Referrals struct {
	RegistryFrame
	duty.Referrals
	Unit   bool // who gives them; otherwise, who receives them
	Head   bool
	Values url.Values
	Keys   component.FormKeys
}

func (r Referrals) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: r.errorOf(id)}
}

func (r Referrals) figures() []component.KPI {
	return []component.KPI{
		{Figure: es.Int(r.Next.Candidacies()), Label: "Candidaturas con incumplimientos"},
		{Figure: es.Int(len(r.Next.ByNominator())), Label: "Actores"},
		{Figure: es.Int(len(r.Next.Late)), Label: "Cumplieron fuera de plazo"},
		{Figure: es.Int(r.Next.Notices), Label: "Requerimientos enviados"},
	}
}

// byNominator is the count of each nominator's breaches.
func (r Referrals) byNominator() component.Table {
	var rows [][]string
	for _, n := range r.Next.ByNominator() {
		rows = append(rows, []string{n.Name, es.Int(n.Unanswered), es.Int(n.Incomplete), es.Int(n.Deviating), es.Int(n.Identity)})
	}
	return component.WordTable("Incumplimientos por quien postula", []string{"Actor", "Sin respuesta", "Incompleto", "Art. 18", "Identidad incompleto"}, rows)
}

func (r Referrals) table() component.Table {
	t := component.Table{
		Caption: "Vistas", Empty: "No hay vistas.",
		Columns: []component.Column{{Title: "Vista"}, {Title: "Corte"}, {Title: "Candidaturas"}, {Title: "Estado"}},
	}
	for _, v := range r.List {
		t.Rows = append(t.Rows, component.Row{
			Title: "Versión " + es.Int(v.Version), Note: "Oficio " + v.Oficio, Href: ReferralPath(v.ID), Marked: v.DeliveredAt == nil || v.ReceivedAt == nil,
			Cells: []templ.Component{component.Words(es.FullDateTime(v.PreparedAt)), component.Words(es.Int(v.Candidacies)), component.StateTag(referralTag(v))},
		})
	}
	return t
}

func referralTag(v duty.Referral) component.Tag {
	switch {
	case v.ReportedAt != nil:
		return component.Tag{Text: "Informada al Consejo", Tone: component.Solid, Icon: component.IconCheck}
	case v.ReceivedAt != nil:
		return component.Tag{Text: "Con acuse de la Comisión", Tone: component.Good, Icon: component.IconCheck}
	case v.DeliveredAt != nil:
		return component.Tag{Text: "Entregada, sin acuse", Tone: component.Attention, Icon: component.IconHalf}
	}
	return component.Tag{Text: "Preparada, sin entregar", Tone: component.Absent, Icon: component.IconEmpty}
}

// Referral is a vista.
type Referral struct {
	RegistryFrame
	duty.Referral
	Head     bool // may deliver it
	Comision bool // may acknowledge it and report
	Values   url.Values
	Keys     component.FormKeys
}

func (v Referral) field(id, label, hint string) component.Field {
	return component.Field{ID: id, Label: label, Hint: hint, Error: v.errorOf(id)}
}

func (v Referral) facts() []component.Fact {
	facts := []component.Fact{
		{Term: "Oficio", Value: v.Oficio},
		{Term: "Corte", Value: es.FullDateTime(v.PreparedAt)},
		{Term: "Preparó", Value: v.PreparedByName},
		{Term: "Candidaturas con incumplimientos", Value: es.Int(v.Candidacies)},
		{Term: "Actores", Value: strconv.Itoa(v.Nominators)},
		{Term: "Cumplieron fuera de plazo", Value: es.Int(v.Late)},
	}
	if v.DeliveredAt != nil {
		facts = append(facts, component.Fact{Term: "Entregó", Value: v.DeliveredByName + ", " + es.FullDateTime(*v.DeliveredAt)})
	}
	if v.ReceivedAt != nil {
		facts = append(facts, component.Fact{Term: "Acuse de la Comisión", Value: v.ReceivedByName + ", " + es.FullDateTime(*v.ReceivedAt)})
	}
	if v.ReportedAt != nil {
		facts = append(facts, component.Fact{Term: "Informe al Consejo", Value: v.Acuerdo + ", " + dayText(*v.ReportedOn) + ". Registró: " + v.ReportedByName})
	}
	return facts
}

func (v Referral) hashes() []component.Fact {
	return []component.Fact{
		{Term: "SHA-256 del oficio", Value: v.DocumentHash}, {Term: "SHA-256 del anexo", Value: v.AnnexHash}, {Term: "SHA-256 del paquete", Value: v.PackageHash},
	}
}
