package consent_test

import (
	"strings"
	"testing"

	"conoceles/internal/desk/consent"
)

func TestEveryStepOfTheHistoryHasItsWords(t *testing.T) {
	kinds := []consent.Kind{
		consent.Granted, consent.Denied, consent.Documented, consent.Verified, consent.Rejected, consent.Withdrawn, consent.Expired,
	}
	media := []consent.Medium{consent.Online, consent.OnPaper, consent.InPerson, consent.ByLink}
	roles := []string{"candidata", "operador", "validador", "verificador", "titular", "persona:enlace"}
	for _, kind := range kinds {
		for _, medium := range media {
			for _, role := range roles {
				got := consent.ReceiptEvent{Kind: kind, Medium: medium, Role: role}.Text()
				if strings.HasPrefix(got, " ") || strings.Contains(got, "(;") || strings.Contains(got, "; "+role+")") {
					t.Errorf("%s, %s, %s: %q", kind, medium, role, got)
				}
			}
		}
	}
	stages := []consent.Stage{
		consent.Undecided, consent.NoDocument, consent.Waiting, consent.Confirmed, consent.Refused, consent.Gone,
	}
	for _, stage := range stages {
		for _, f := range (consent.Receipt{Stage: stage}).Facts() {
			if f.Term == "Estado" && f.Value == "" {
				t.Errorf("%s has no words", stage)
			}
		}
	}
}
