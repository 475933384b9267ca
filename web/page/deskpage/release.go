package deskpage

import (
	"conoceles/internal/desk/settings"
	"conoceles/web/layout"
)

// NotReleased is an interface that the institute has not opened yet.
type NotReleased struct {
	Meta layout.Meta
	Area layout.Area
	settings.State
}
