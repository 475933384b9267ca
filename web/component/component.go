// Package component draws the pieces of a page: fields, buttons, states, cards,
// tables, lists. Each takes a plain struct that says what to show and writes
// HTML; none reads anything, decides anything about the domain, or knows which
// page it is in.
//
// The contracts that keep the pieces accessible live here, so that a page
// cannot forget them: label, hint, error, control and counter in that order and
// tied together by aria-describedby; a state is always an icon and a word; a
// repeated link carries hidden text that says what it is about; a bar is an
// image of a figure that is also written.
//
// The names of the form fields that the script and the handlers share are the
// constants of this file.
package component

import (
	"strconv"
	"strings"
)

// Names and values that every form shares with the handlers and the script.
const (
	KeyField     = "guardado_id" // idempotency key of the submission
	VersionField = "version"     // what the person was looking at
	ActionField  = "accion"      // which button was pressed

	ActionDraft    = "borrador"  // autosave; keeps anything, answers DraftReply
	ActionReturn   = "volver"    // keeps anything and goes back to the list
	ActionContinue = "continuar" // checks, makes a version, goes on

	addPrefix    = "agregar:"
	removePrefix = "quitar:"
)

// FormKeys are the hidden fields of a form that changes something.
type FormKeys struct {
	Key     string
	Version string // "" where there is nothing to conflict with
	Enter   string // action of the Enter key; needed where rows have buttons
}

// DraftReply is what the handler of a draft answers to the script, as JSON: with
// 200 when it was kept; with 409, Message, Differences and the Version now in
// force when somebody else saved first.
type DraftReply struct {
	SavedAt     string `json:"guardado_en,omitempty"` // "13:52"
	Version     string `json:"version,omitempty"`
	Message     string `json:"error,omitempty"`
	Differences string `json:"diferencias,omitempty"` // address of the comparison
}

// AddAction returns the value of the button that adds a row to the list.
func AddAction(list string) string { return addPrefix + list }

// RemoveAction returns the value of the button that removes row i of the list.
func RemoveAction(list string, i int) string { return removePrefix + list + ":" + strconv.Itoa(i) }

// ParseAdd returns the list that the pressed button adds a row to.
func ParseAdd(action string) (list string, ok bool) { return strings.CutPrefix(action, addPrefix) }

// ParseRemove returns the list and the row that the pressed button removes.
func ParseRemove(action string) (list string, row int, ok bool) {
	rest, ok := strings.CutPrefix(action, removePrefix)
	if !ok {
		return "", 0, false
	}
	i := strings.LastIndexByte(rest, ':')
	if i < 0 {
		return "", 0, false
	}
	row, err := strconv.Atoi(rest[i+1:])
	if err != nil || row < 0 {
		return "", 0, false
	}
	return rest[:i], row, true
}
