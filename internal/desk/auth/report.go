package auth

// ReportReader is whoever reads the reports of the whole process: the Unidad de
// Transparencia, which makes them, the Secretaría Ejecutiva, which dispatches them,
// and the Comisión and the Consejo. What is internal to the Unidad is not for the
// others.
type ReportReader interface {
	Actor
	readsReports()
}

func (Reviewer) readsReports()  {}
func (Head) readsReports()      {}
func (Secretary) readsReports() {}
func (Auditor) readsReports()   {}
