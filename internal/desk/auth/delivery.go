package auth

// Deliverer is whoever hands credentials over and registers the receipt:
// Reviewer, Head or Admin.
type Deliverer interface {
	Actor
	delivers()
}

func (Reviewer) delivers() {}
func (Head) delivers()     {}
func (Admin) delivers()    {}
