package app_test

// require sends a requirement of each kind, that to the party of the accounts
// among them, and gives a vista, so that the crawl reads them as it reads everything
// else: of identity they say completo or incompleto (domain 0.3.2).
func (w *world) require() {
	w.Helper()
	w.detectAll()
	for _, id := range w.super(`
SELECT min(n.id)::text FROM desk.duty_notices n LEFT JOIN desk.nominators a ON a.id = n.nominator_id
WHERE n.state = 'borrador' AND (n.addressee <> 'partido' OR a.acronym = 'RAIZ') GROUP BY n.addressee ORDER BY 1`) {
		w.sendNotice(id)
	}
	w.referral()
}
