package notify

import (
	"context"
	"fmt"
	"strings"

	"github.com/wneessen/go-mail"

	"conoceles/internal/config"
)

// Mailer hands messages to a mail server. TLS is mandatory: only a server in
// this very machine may do without it.
type Mailer struct{ server config.Mail }

// NewMailer returns a Mailer for a server.
func NewMailer(server config.Mail) Mailer { return Mailer{server} }

// Send hands a message to the server. Without an error, the server took it upon
// itself to deliver it.
func (m Mailer) Send(ctx context.Context, message Message) error {
	letter, err := m.compose(message)
	if err != nil {
		return err
	}
	client, err := m.client()
	if err != nil {
		return err
	}
	return client.DialAndSendWithContext(ctx, letter)
}

// compose writes the message. Its identifier is that of the outbox, so that
// where it arrives twice, mail programs show it once.
func (m Mailer) compose(message Message) (*mail.Msg, error) {
	letter := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := letter.From(m.server.From.String()); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if err := letter.To(message.Recipient); err != nil {
		return nil, fmt.Errorf("recipient: %w", err)
	}
	_, domain, _ := strings.Cut(m.server.From.Address, "@")
	letter.SetMessageIDWithValue(fmt.Sprintf("aviso-%d.%d@%s", message.ID, message.CreatedAt.Unix(), domain))
	letter.SetDateWithValue(message.CreatedAt)
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.Subject(message.Subject)
	letter.SetBodyString(mail.TypeTextPlain, message.Body)
	return letter, nil
}

func (m Mailer) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(m.server.Port), mail.WithTimeout(sendTimeout)}
	switch {
	case m.server.Implicit:
		options = append(options, mail.WithSSL())
	case m.server.Local():
		options = append(options, mail.WithTLSPolicy(mail.TLSOpportunistic))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.server.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover),
			mail.WithUsername(m.server.User), mail.WithPassword(string(m.server.Password)))
	}
	return mail.NewClient(m.server.Host, options...)
}
