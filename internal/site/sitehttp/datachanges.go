package sitehttp

import (
	"bytes"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"conoceles/internal/election"
	"conoceles/internal/fault"
	"conoceles/internal/serve"
	"conoceles/internal/site"
	"conoceles/internal/site/opendata"
)

// Names of the parameters of the changes.
const (
	paramSince = "desde"   // a day, or an instant
	paramAfter = "despues" // number of the last change that who asks has
)

// How many changes a page of them has, and how many the feed.
const (
	changesPage = 500
	changesFeed = 100
)

// listChanges sends the changes since a date, or since the last that who asks
// has, oldest first, in pages.
func (h *Handler) listChanges(w http.ResponseWriter, r *http.Request, v visit) error {
	q, err := parseChanges(r.URL.Query())
	if err != nil {
		return err
	}
	q.Limit = changesPage + 1
	changes, err := h.store.Changes(r.Context(), v.Process, q)
	if err != nil {
		return err
	}
	list := opendata.ChangeList{Process: v.Process.Key, Since: r.URL.Query().Get(paramSince), Last: q.After, Changes: []opendata.ChangeEntry{}}
	more := len(changes) > changesPage
	for _, c := range changes[:min(len(changes), changesPage)] {
		list.Changes, list.Last = append(list.Changes, opendata.NewChangeEntry(c, h.export(v, site.Query{}).Profile)), c.Epoch
	}
	if more {
		list.Next = h.options.BaseURL + v.Path("/datos/cambios.json") + "?" + url.Values{paramAfter: {strconv.FormatInt(list.Last, 10)}}.Encode()
	}
	return serve.JSON(w, r, http.StatusOK, list)
}

// feedChanges sends the newest changes, since a date if there is one.
func (h *Handler) feedChanges(w http.ResponseWriter, r *http.Request, v visit) error {
	q, err := parseChanges(r.URL.Query())
	if err != nil {
		return err
	}
	q.Newest, q.Limit = true, changesFeed
	changes, err := h.store.Changes(r.Context(), v.Process, q)
	if err != nil {
		return err
	}
	home := h.options.BaseURL + permanent(v)
	var b bytes.Buffer
	err = opendata.Feed{
		Title: "Cambios. " + v.Process.Name, Address: home + "/datos/cambios.atom", Home: home, Author: author(v),
		Updated: v.Process.CreatedAt, Changes: changes, Profile: h.export(v, site.Query{}).Profile,
	}.Write(&b)
	if err != nil {
		return err
	}
	return sendKept(w, r, "application/atom+xml; charset=utf-8", b.Bytes())
}

// author is who signs a feed, which must have one.
func author(v visit) string {
	if name := v.Catalog.Institution.Name; name != "" {
		return name
	}
	return v.Meta.Site.Title()
}

// parseChanges reads which changes are asked for: «desde=2027-04-01», an instant
// with its zone, or «despues=1234».
func parseChanges(v url.Values) (q site.ChangesQuery, err error) {
	if text := v.Get(paramSince); text != "" {
		if q.Since, err = time.ParseInLocation(time.DateOnly, text, election.Zone()); err != nil {
			q.Since, err = time.Parse(time.RFC3339, text)
		}
		if err != nil || q.Since.Year() < 1 || q.Since.Year() > 9999 {
			return q, fault.InvalidField(paramSince, "Escribe la fecha como 2027-04-01, o el instante como 2027-04-01T09:00:00-06:00.")
		}
	}
	if text := v.Get(paramAfter); text != "" {
		if q.After, err = strconv.ParseInt(text, 10, 64); err != nil || q.After < 0 {
			return q, fault.InvalidField(paramAfter, "Escribe el número del último cambio que tienes, como 1234.")
		}
	}
	return q, nil
}
