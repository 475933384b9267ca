package auth

// AuditReader is who reads the bitácora, each what they may: Head all of it, Admin
// and Auditor what tells nothing of anybody's identity, Validator what is of their
// party, Candidate what is of their own candidacy.
type AuditReader interface {
	Actor
	readsAudit()
}

func (Head) readsAudit()      {}
func (Admin) readsAudit()     {}
func (Auditor) readsAudit()   {}
func (Validator) readsAudit() {}
func (Candidate) readsAudit() {}
