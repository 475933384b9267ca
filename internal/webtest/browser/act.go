package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Click clicks the only control with the role and the accessible name: «link»,
// «button», «checkbox», «radio»… and what a screen reader would say. If that
// begins a navigation, it waits for the page.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	node := p.find(name, role)
	call(p, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: node})
	quads := call(p, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: node}).Quads
	if len(quads) == 0 {
		p.t.Fatalf("%s: %s «%s» has no place on the screen", p.log.address(), role, name)
	}
	q := quads[0]
	run(p, "click "+name, chromedp.MouseClickXY((q[0]+q[4])/2, (q[1]+q[5])/2))
	p.arrive()
}

// writable are the roles of what takes text; in a list, typing picks the option.
var writable = []string{"textbox", "searchbox", "combobox", "spinbutton"}

// Type replaces the content of the only field with the accessible name, key by
// key. In a list of options it picks the one that begins so.
func (p *Page) Type(name, text string) {
	p.t.Helper()
	node := p.find(name, writable...)
	call(p, dom.Focus, dom.FocusParams{BackendNodeID: node})
	selectAll := input.DispatchKeyEventParams{Type: kb.KeyDown, Commands: []string{"selectAll"}}
	call(p, input.DispatchKeyEvent, selectAll)
	if text == "" {
		text = kb.Backspace
	}
	run(p, "type in "+name, chromedp.KeyEvent(text))
}

// Upload puts a file in the only file field with the accessible name.
func (p *Page) Upload(name, file string) {
	p.t.Helper()
	node := p.find(name, "button") // which is what a file field is to a screen reader
	call(p, dom.SetFileInputFiles, dom.SetFileInputFilesParams{BackendNodeID: node, Files: []string{file}})
}

// keys are the keys of [Page.Press].
var keys = map[string]string{
	"Tab": kb.Tab, "Enter": kb.Enter, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Home": kb.Home, "End": kb.End,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
}

// Press presses keys one after another: Tab, Enter, Escape, Space, Backspace,
// Home, End, an arrow such as ArrowDown, or any of them after «Shift+». If that
// begins a navigation, it waits for the page.
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		p.stroke(name)
		p.arrive()
	}
}

func (p *Page) stroke(name string) {
	p.t.Helper()
	plain, shifted := strings.CutPrefix(name, "Shift+")
	key, ok := keys[plain]
	if !ok {
		p.t.Fatalf("no key is called %q", name)
	}
	var with []chromedp.KeyOption
	if shifted {
		with = append(with, chromedp.KeyModifiers(kb.ModifierShift))
	}
	run(p, "press "+name, chromedp.KeyEvent(key, with...))
}

// Focused returns the accessible name of what has the focus, or "".
func (p *Page) Focused() string {
	p.t.Helper()
	for _, n := range p.tree("") {
		for _, property := range n.Properties {
			if property.Name == accessibility.PropertyNameFocused && string(property.Value.Value) == "true" && said(n.Role) != "RootWebArea" {
				return said(n.Name)
			}
		}
	}
	return ""
}

// dawn is how long a click may take to begin a navigation: a form is sent in a
// task after the click.
const dawn = 60 * time.Millisecond

// arrive waits for the navigation that an act began, if it did.
func (p *Page) arrive() {
	p.t.Helper()
	for end := time.Now().Add(dawn); time.Now().Before(end) && !p.log.busy(); time.Sleep(2 * time.Millisecond) {
	}
	if p.log.busy() {
		p.settle()
	}
}

// find returns the only node that has the name and one of the roles.
func (p *Page) find(name string, roles ...string) cdp.BackendNodeID {
	p.t.Helper()
	var found []cdp.BackendNodeID
	var there []string
	for _, role := range roles {
		for _, n := range p.tree(role) {
			there = append(there, fmt.Sprintf("%s «%s»", role, said(n.Name)))
			if said(n.Name) == name {
				found = append(found, n.BackendDOMNodeID)
			}
		}
	}
	if len(found) != 1 {
		p.t.Fatalf("%s: %d controls are a %s called «%s»; there are: %s",
			p.log.address(), len(found), strings.Join(roles, " or "), name, strings.Join(there, ", "))
	}
	return found[0]
}

// tree returns the nodes that a screen reader meets with the role; any if empty.
// The protocol could look for the name too, but not for that of a file field.
func (p *Page) tree(role string) []*accessibility.Node {
	p.t.Helper()
	return run(p, "read the accessibility tree", func(ctx context.Context, t *chromedp.Target) ([]*accessibility.Node, error) {
		root, err := cdp.Call(ctx, t, dom.GetDocument, dom.GetDocumentParams{})
		if err != nil {
			return nil, err
		}
		out, err := cdp.Call(ctx, t, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{
			BackendNodeID: root.Root.BackendNodeID, Role: role,
		})
		return slices.DeleteFunc(out.Nodes, func(n *accessibility.Node) bool { return n.Ignored }), err
	})
}

// said returns the text of a property of the tree.
func said(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return unquoted(v.Value)
}

// unquoted returns a value of JSON as text: a string without its quotes.
func unquoted(v []byte) string {
	var s string
	if json.Unmarshal(v, &s) != nil {
		return string(v)
	}
	return s
}

// WithPasskeys plugs a device in the page's browser that makes and proves passkeys
// without asking anybody.
func (p *Page) WithPasskeys() {
	p.t.Helper()
	call(p, webauthn.Enable, webauthn.EnableParams{})
	call(p, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
}
