package auth

// Transparency is whoever works at the Unidad de Transparencia, which keeps the
// consents: Reviewer or Head.
type Transparency interface {
	Actor
	keepsConsents()
}

func (Reviewer) keepsConsents() {}
func (Head) keepsConsents()     {}
