package app_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"conoceles/internal/demo"
	"conoceles/internal/desk/guide"
)

// TestMenusLeadWhereEachMayGo opens every link of the menu of every account, and
// looks in it for the guide of its role, and for the bitácora exactly where its
// role reads it.
func TestMenusLeadWhereEachMayGo(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	for _, account := range demo.Accounts() {
		name, _, _ := strings.Cut(account.Email, "@")
		t.Run(name, func(t *testing.T) {
			jar, _ := cookiejar.New(nil) // fails only for a bad option
			c := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			open := func(path string) (*goquery.Document, int) {
				res, err := c.Get(server.URL + path)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				doc, err := goquery.NewDocumentFromReader(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				return doc, res.StatusCode
			}
			if err := enter(c, server.URL, name); err != nil {
				t.Fatal(err)
			}
			doc, _ := open("/cuenta")
			var links []string
			doc.Find("header nav a").Each(func(_ int, a *goquery.Selection) {
				links = append(links, a.AttrOr("href", ""))
			})
			slices.Sort(links)
			links = slices.Compact(links)
			if len(links) < 2 {
				t.Fatalf("the menu has %d links", len(links))
			}
			if of := guide.For(string(s.role(name))); of.Key == guide.Everybody || !slices.Contains(links, of.Path()) {
				t.Errorf("the menu does not lead to %s", of.Path())
			}
			for _, path := range links {
				if _, status := open(path); status != http.StatusOK {
					t.Errorf("the menu leads to %s, which answers %d", path, status)
				}
			}
			_, status := open("/administracion/bitacora")
			if in := slices.Contains(links, "/administracion/bitacora"); in != (status == http.StatusOK) {
				t.Errorf("the bitácora answers %d, and is in the menu: %t", status, in)
			}
		})
	}
}
