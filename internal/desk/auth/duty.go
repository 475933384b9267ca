package auth

// Witness is whoever reads the vistas of non-compliance: the Unidad de
// Transparencia, which gives them, and the Comisión, which receives them.
type Witness interface {
	Actor
	witnesses()
}

func (Reviewer) witnesses() {}
func (Head) witnesses()     {}
func (Auditor) witnesses()  {}
