package report

// stretch is a part of the making of a cut, in hundredths of it.
type stretch struct{ from, to int }

// The stretches of a cut, about as long as each takes of many thousands. A report
// that opens no answer goes through its tables in the two of the middle.
var (
	reading    = stretch{0, 40}
	opening    = stretch{40, 75}
	protecting = stretch{75, 95}
	tables     = stretch{40, 95}
)

// whole is how many steps whoever waits sees.
const whole = 100

// tell says how far a stretch has come.
func (s *source) tell(of stretch, done, total int) {
	s.step(of.from+(of.to-of.from)*min(done, total)/max(total, 1), whole)
}
