package notify_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"conoceles/internal/config"
	"conoceles/internal/db"
	"conoceles/internal/desk/auth"
	"conoceles/internal/desk/desktest"
	"conoceles/internal/desk/notify"
	"conoceles/internal/election"
	"conoceles/internal/fault"
)

const secretLink = "https://conoceles.mx/retirar/S3cr3t-del_enlace"

// put leaves a message in the outbox and returns its number.
func put(w *desktest.World, m notify.Message) int64 {
	w.T.Helper()
	m.Process = w.Process
	if m.Channel == "" {
		m.Channel = notify.Mail
	}
	if m.Recipient == "" {
		m.Recipient = "ana@ejemplo.invalid"
	}
	m.Subject, m.Body = "Se verificó tu autorización", "Ana Ruiz:\n\nPuedes retirarla:\n\n"+secretLink+"\n"
	w.Tx(func(ctx context.Context, tx *db.Tx) error { return notify.Put(ctx, tx, m) })
	return w.ID(`SELECT max(id) FROM desk.outbox`)
}

func dispatch(t *testing.T, d notify.Dispatcher, sent int, fails bool) {
	t.Helper()
	got, err := d.Dispatch(context.Background())
	if got != sent || (err != nil) != fails {
		t.Fatalf("got %d sent, %v; want %d, failure %t", got, err, sent, fails)
	}
	if err != nil && strings.Contains(err.Error(), "ejemplo.invalid") {
		t.Errorf("the error, which is logged, says to whom: %v", err)
	}
}

// text returns a column of a message.
func text(w *desktest.World, column string, id int64) string {
	w.T.Helper()
	var out string
	if err := w.Desk.QueryRow(context.Background(), `SELECT `+column+` FROM desk.outbox WHERE id = $1`, id).Scan(&out); err != nil {
		w.T.Fatal(err)
	}
	return out
}

func TestAMessageLeavesOnceAndItsLinkWithIt(t *testing.T) {
	w := desktest.New(t)
	id := put(w, notify.Message{})
	letter := put(w, notify.Message{Channel: notify.Letter, Recipient: "Ana Ruiz"})
	var got []notify.Message
	d := notify.Dispatcher{Desk: w.Desk, Send: func(_ context.Context, m notify.Message) error { got = append(got, m); return nil }}
	dispatch(t, notify.Dispatcher{Desk: w.Desk}, 0, false) // without a server everything waits
	dispatch(t, d, 1, false)
	w.SetNow(desktest.Start.Add(24 * time.Hour))
	dispatch(t, d, 0, false)
	if len(got) != 1 || got[0].ID != id || !strings.Contains(got[0].Body, secretLink) {
		t.Fatalf("got %+v, want the message with its link, once", got)
	}
	if body := text(w, "body", id); strings.Contains(body, "S3cr3t") || !strings.Contains(body, "Puedes retirarla") {
		t.Errorf("the outbox keeps %q, want the text without the link", body)
	}
	if body := text(w, "body", letter); !strings.Contains(body, secretLink) {
		t.Errorf("a letter nobody printed lost its link: %q", body)
	}
}

func TestAFailureWaitsLongerEachTimeAndEndsAsALetter(t *testing.T) {
	w := desktest.New(t)
	candidacy := w.Candidacy(w.Nominator(election.Party, "HOR"), "Ana", "Ruiz Ficticia")
	id := put(w, notify.Message{Candidacy: candidacy})
	d := notify.Dispatcher{Desk: w.Desk, Send: func(_ context.Context, m notify.Message) error {
		return fmt.Errorf("550 %s unknown\x00\xff", m.Recipient)
	}}
	dispatch(t, d, 0, true)
	dispatch(t, d, 0, false) // its turn has not come
	w.SetNow(w.Now().Add(time.Minute))
	dispatch(t, d, 0, true)
	w.SetNow(w.Now().Add(time.Minute))
	dispatch(t, d, 0, false)
	if got := text(w, "last_error", id); !strings.HasPrefix(got, "550 ana@ejemplo.invalid unknown") {
		t.Errorf("last error %q", got)
	}
	for range 14 {
		w.SetNow(w.Now().Add(6 * time.Hour))
		dispatch(t, d, 0, true)
	}
	w.SetNow(w.Now().Add(30 * 24 * time.Hour))
	dispatch(t, d, 0, false)
	letter := w.ID(`SELECT id FROM desk.outbox WHERE channel = 'carta' AND sent_at IS NULL`)
	if got := text(w, "recipient", letter); got != "Ana Ruiz Ficticia" {
		t.Errorf("the letter is for %q", got)
	}
	if !strings.Contains(text(w, "body", letter), secretLink) || strings.Contains(text(w, "body", id), "S3cr3t") {
		t.Error("the link is not in the letter alone")
	}
}

// Whoever sends and dies, or is cut off, loses nothing; several at once send
// nothing twice.
func TestNothingIsLostNorSentTwice(t *testing.T) {
	w := desktest.New(t)
	for range 40 {
		put(w, notify.Message{})
	}
	dying := notify.Dispatcher{Desk: w.Desk, Send: func(context.Context, notify.Message) error { panic("killed") }}
	func() {
		defer func() { _ = recover() }()
		_, _ = dying.Dispatch(context.Background())
	}()
	var mu sync.Mutex
	times := map[int64]int{}
	d := notify.Dispatcher{Desk: w.Desk, Send: func(_ context.Context, m notify.Message) error {
		mu.Lock()
		defer mu.Unlock()
		times[m.ID]++
		return nil
	}}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := d.Dispatch(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(times) != 39 {
		t.Errorf("got %d messages sent while one was in the hands of somebody who died, want 39", len(times))
	}
	w.SetNow(w.Now().Add(time.Minute))
	dispatch(t, d, 1, false)
	for id, n := range times {
		if n != 1 {
			t.Errorf("message %d left %d times", id, n)
		}
	}
}

func TestCancellingAfterTheServerTookItStillRecordsIt(t *testing.T) {
	w := desktest.New(t)
	id := put(w, notify.Message{})
	ctx, cancel := context.WithCancel(context.Background())
	d := notify.Dispatcher{Desk: w.Desk, Send: func(context.Context, notify.Message) error { cancel(); return nil }}
	_, _ = d.Dispatch(ctx)
	if n := w.ID(`SELECT count(*) FROM desk.outbox WHERE id = $1 AND sent_at IS NOT NULL`, id); n != 1 {
		t.Error("the message left and is not recorded: it would leave again")
	}
}

func TestLetters(t *testing.T) {
	w := desktest.New(t)
	id := put(w, notify.Message{Channel: notify.Letter, Recipient: "Ana Ruiz"})
	put(w, notify.Message{}) // an e-mail is no letter
	ctx := context.Background()
	box := notify.Outbox{Desk: w.Desk}
	account := w.Account("analista@iep.mx", "verificador", 0, 0)
	reviewer := auth.Reviewer{Who: auth.Who{Account: account, Process: w.Process}}
	stranger := auth.Head{Who: auth.Who{Account: account, Process: w.Process + 1}}

	list := func(a auth.Transparency, state notify.LetterState, want int) {
		t.Helper()
		found, total, err := box.Letters(ctx, a, state, 1, 50)
		if err != nil || len(found) != want || total != want {
			t.Fatalf("%s: got %d of %d, %v; want %d", state, len(found), total, err, want)
		}
		for _, m := range found {
			if m.Body != "" {
				t.Errorf("a list carries bodies: %q", m.Body)
			}
		}
	}
	list(reviewer, notify.ToPrint, 1)
	list(reviewer, notify.Printed, 0)
	list(stranger, notify.ToPrint, 0)
	if _, err := box.Letter(ctx, stranger, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("another process's letter: %v", err)
	}
	if err := box.MarkPrinted(ctx, stranger, "", id); !fault.Is(err, fault.NotFound) {
		t.Errorf("marking another process's letter: %v", err)
	}
	if m, err := box.Letter(ctx, reviewer, id); err != nil || !strings.Contains(m.Body, secretLink) || m.Recipient != "Ana Ruiz" {
		t.Errorf("got %+v, %v", m, err)
	}
	if err := box.MarkPrinted(ctx, reviewer, "", id); err != nil {
		t.Fatal(err)
	}
	if err := box.MarkPrinted(ctx, reviewer, "", id); !fault.Is(err, fault.Conflict) {
		t.Errorf("the second person: %v", err)
	}
	if _, err := box.Letter(ctx, reviewer, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("a printed letter opens again: %v", err)
	}
	if strings.Contains(text(w, "body", id), "S3cr3t") {
		t.Error("a printed letter keeps its link")
	}
	list(reviewer, notify.Printed, 1)
	for _, kind := range []string{"carta.abrir", "carta.imprimir"} {
		if n := w.ID(`SELECT count(*) FROM audit.entries WHERE kind = $1 AND account_id = $2`, kind, account); n != 1 {
			t.Errorf("%d entries of %s, want 1", n, kind)
		}
	}
}

func TestTheOutboxPageIsOfDemonstrationsOnly(t *testing.T) {
	w := desktest.New(t)
	put(w, notify.Message{})
	box := notify.Outbox{Desk: w.Desk}
	admin := auth.Admin{Who: auth.Who{Process: w.Process}}
	if _, err := box.Unsent(context.Background(), admin, 10); !fault.Is(err, fault.NotFound) {
		t.Errorf("a real process: %v", err)
	}
	admin.Demo = true // claimed, and the database says otherwise
	if found, err := box.Unsent(context.Background(), admin, 10); err != nil || len(found) != 0 {
		t.Errorf("a real process: %d messages, %v", len(found), err)
	}
	w.Exec(`UPDATE desk.processes SET demo = true WHERE id = $1`, w.Process)
	if found, err := box.Unsent(context.Background(), admin, 10); err != nil || len(found) != 1 || !strings.Contains(found[0].Body, secretLink) {
		t.Errorf("the demonstration: %+v, %v", found, err)
	}
}

// sink is a mail server on this machine that keeps what it is given.
type sink struct {
	listener net.Listener
	refuse   bool

	mu   sync.Mutex
	rcpt []string
	data []string
}

func newSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{listener: l}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.talk(c)
		}
	}()
	t.Cleanup(func() { l.Close() })
	return s
}

// talk speaks the little SMTP that a client needs.
func (s *sink) talk(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 sumidero listo")
	for in.Scan() {
		verb, rest, _ := strings.Cut(in.Text(), ":")
		switch word, _, _ := strings.Cut(verb, " "); strings.ToUpper(word) {
		case "EHLO", "HELO":
			say("250 sumidero")
		case "RCPT":
			if s.refuse {
				say("550 no existe " + rest)
				continue
			}
			s.mu.Lock()
			s.rcpt = append(s.rcpt, rest)
			s.mu.Unlock()
			say("250 bien")
		case "DATA":
			say("354 adelante")
			var b strings.Builder
			for in.Scan() && in.Text() != "." {
				b.WriteString(in.Text() + "\r\n")
			}
			s.mu.Lock()
			s.data = append(s.data, b.String())
			s.mu.Unlock()
			say("250 recibido")
		case "QUIT":
			say("221 hasta luego")
			return
		default:
			say("250 bien")
		}
	}
}

func (s *sink) mailer(t *testing.T) notify.Mailer {
	t.Helper()
	c, err := config.Parse(map[string]string{"CONOCELES_SMTP_URL": "smtp://" + s.listener.Addr().String() + "?de=Conóceles+<avisos@iep.mx>"})
	if err != nil {
		t.Fatal(err)
	}
	server, _, err := c.Mail()
	if err != nil {
		t.Fatal(err)
	}
	return notify.NewMailer(server)
}

func TestMailArrives(t *testing.T) {
	w := desktest.New(t)
	s := newSink(t)
	put(w, notify.Message{Recipient: "ana@ejemplo.invalid"})
	dispatch(t, notify.Dispatcher{Desk: w.Desk, Send: s.mailer(t).Send}, 1, false)
	if len(s.data) != 1 || len(s.rcpt) != 1 || !strings.Contains(s.rcpt[0], "<ana@ejemplo.invalid>") {
		t.Fatalf("got %q for %q", s.data, s.rcpt)
	}
	m, err := mail.ReadMessage(strings.NewReader(s.data[0]))
	if err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{
		"To": "<ana@ejemplo.invalid>", "Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8",
		"Subject": "=?UTF-8?q?Se_verific=C3=B3_tu_autorizaci=C3=B3n?=",
	} {
		if got := m.Header.Get(header); got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Address != "avisos@iep.mx" || from[0].Name != "Conóceles" {
		t.Errorf("From: %v, %v", from, err)
	}
	if got := m.Header.Get("Message-Id"); !strings.HasPrefix(got, "<aviso-") || !strings.HasSuffix(got, "@iep.mx>") {
		t.Errorf("Message-Id: %q", got)
	}
}

func TestWhatTheServerRefusesStaysInTheOutbox(t *testing.T) {
	w := desktest.New(t)
	s := newSink(t)
	s.refuse = true
	refused := put(w, notify.Message{Recipient: "nadie@ejemplo.invalid"})
	hostile := put(w, notify.Message{Recipient: "ana@ejemplo.invalid\r\nBcc: otra@ejemplo.invalid"})
	dispatch(t, notify.Dispatcher{Desk: w.Desk, Send: s.mailer(t).Send}, 0, true)
	if got := text(w, "last_error", refused); !strings.Contains(got, "550") || !strings.Contains(got, "no existe") {
		t.Errorf("last error %q", got)
	}
	if got := text(w, "last_error", hostile); got == "" || len(s.rcpt) != 0 {
		t.Errorf("an address with a header in it: %q, %q", got, s.rcpt)
	}
}

func TestAServerElsewhereMustSpeakTLS(t *testing.T) {
	s := newSink(t)
	host, port, _ := net.SplitHostPort(s.listener.Addr().String())
	var n int
	fmt.Sscan(port, &n)
	far := config.Mail{Host: host, Port: n, From: mail.Address{Address: "avisos@iep.mx"}}
	message := notify.Message{Recipient: "ana@ejemplo.invalid", Subject: "Aviso", Body: "Texto", CreatedAt: desktest.Start}
	if err := notify.NewMailer(far).Send(context.Background(), message); err != nil {
		t.Fatalf("this machine: %v", err)
	}
	far.Host = "0.0.0.0" // reaches this machine, and is none of its names
	err := notify.NewMailer(far).Send(context.Background(), message)
	if err == nil || !strings.Contains(err.Error(), "TLS") || len(s.data) != 1 {
		t.Errorf("in the clear to another machine: %v, %d messages", err, len(s.data))
	}
}
