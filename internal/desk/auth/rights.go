package auth

// Retainer is who ends the publication, blocks and erases, always two of them:
// Head or Secretary.
type Retainer interface {
	Actor
	retains()
}

func (Head) retains()      {}
func (Secretary) retains() {}

// DocketKeeper is who writes in the registers of the Unidad de Transparencia:
// Reviewer or Head, and Admin in that of incidents.
type DocketKeeper interface {
	DocketReader
	keepsDocket()
}

func (Reviewer) keepsDocket() {}
func (Head) keepsDocket()     {}
func (Admin) keepsDocket()    {}

// DocketReader is who reads them: a DocketKeeper, or Auditor.
type DocketReader interface {
	Actor
	readsDocket()
}

func (Reviewer) readsDocket() {}
func (Head) readsDocket()     {}
func (Admin) readsDocket()    {}
func (Auditor) readsDocket()  {}
