package auth

// AgendaReader is who reads the agenda of deliverables and the use of the site:
// everybody of the institute.
type AgendaReader interface {
	Actor
	readsAgenda()
}

func (Reviewer) readsAgenda()  {}
func (Head) readsAgenda()      {}
func (Secretary) readsAgenda() {}
func (Admin) readsAgenda()     {}
func (Auditor) readsAgenda()   {}

// AgendaKeeper is who writes in the agenda: an AgendaReader that does more than
// consult. Dispatches to INE are the Secretary's alone.
type AgendaKeeper interface {
	AgendaReader
	keepsAgenda()
}

func (Reviewer) keepsAgenda()  {}
func (Head) keepsAgenda()      {}
func (Secretary) keepsAgenda() {}
func (Admin) keepsAgenda()     {}
