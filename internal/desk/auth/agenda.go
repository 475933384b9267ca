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

// StepRecorder is who records what is known of a step: whoever keeps the agenda and,
// of their acuerdos alone, the Comisión and the Consejo (domain 1.3).
type StepRecorder interface {
	AgendaReader
	recordsSteps()
}

func (Reviewer) recordsSteps()  {}
func (Head) recordsSteps()      {}
func (Secretary) recordsSteps() {}
func (Admin) recordsSteps()     {}
func (Auditor) recordsSteps()   {}

// AgendaKeeper is who writes in the agenda: a StepRecorder that does more than
// consult. Dispatches to INE are the Secretary's alone.
type AgendaKeeper interface {
	StepRecorder
	keepsAgenda()
}

func (Reviewer) keepsAgenda()  {}
func (Head) keepsAgenda()      {}
func (Secretary) keepsAgenda() {}
func (Admin) keepsAgenda()     {}
