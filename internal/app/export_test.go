package app

// OwnerURL returns the address as the owner of the database.
func (a *App) OwnerURL() string { return a.ownerURL }
