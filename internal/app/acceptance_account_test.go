package app_test

import (
	"context"
	"strings"

	"conoceles/internal/db"
	"conoceles/internal/demo"
)

// accountFixture brings about what the scripts of people need: the last link that
// an address was sent («enlace olga»), the number of somebody's account («persona
// operador»), that of the last request («solicitud»), or a process in which the
// institute's people need a second factor («segundo-factor»).
func (s *stage) accountFixture(name string) (map[string]string, bool, error) {
	what, who, _ := strings.Cut(name, " ")
	switch what {
	case "enlace":
		return map[string]string{"enlace": s.link(who)}, true, nil
	case "persona":
		return map[string]string{"persona": s.text(`SELECT id::text FROM desk.accounts WHERE email = $1`, who+"@ejemplo.invalid")}, true, nil
	case "solicitud":
		return map[string]string{"solicitud": s.text(`SELECT max(id)::text FROM desk.account_requests`)}, true, nil
	case "segundo-factor":
		return nil, true, s.app.Desk.Upkeep(context.Background(), func(ctx context.Context, tx *db.Tx) error {
			return tx.Exec(ctx, `UPDATE desk.processes SET second_factor = 'instituto' WHERE key = $1`, demo.Key)
		})
	}
	return nil, false, nil
}
