package auth

// Configurer is who proposes and confirms parameters and catalogues: Admin and,
// where a sheet says so, Head.
type Configurer interface {
	SettingReader
	configures()
}

func (Admin) configures() {}
func (Head) configures()  {}

// SettingReader is who reads them: a Configurer, or Auditor.
type SettingReader interface {
	ChangeReader
	readsSettings()
}

func (Admin) readsSettings()   {}
func (Head) readsSettings()    {}
func (Auditor) readsSettings() {}

// ChangeReader is who reads the register of changes: a SettingReader, or
// Secretary, who tells INE of them.
type ChangeReader interface {
	Actor
	readsChanges()
}

func (Admin) readsChanges()     {}
func (Head) readsChanges()      {}
func (Auditor) readsChanges()   {}
func (Secretary) readsChanges() {}
