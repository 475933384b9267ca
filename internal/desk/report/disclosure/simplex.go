package disclosure

import "math"

// limit says that a sum is between two numbers.
type limit struct {
	sum       []float64
	low, high float64
}

const tiny = 1e-9

// tableau is a linear program in slack form, as it is pivoted: rows are basic
// variables, and the last one what is maximized; the last column is their values.
type tableau struct {
	rows         [][]float64
	basic, other []int
}

// maximize returns the most that aim may be, for variables between 0 and most that
// keep to the limits. It is false when nothing keeps to them.
func maximize(aim, most []float64, limits []limit) (float64, bool) {
	n := len(aim)
	var rows [][]float64
	add := func(sum []float64, sign, bound float64) {
		row := make([]float64, n+2) // the variables, the artificial one, the bound
		for i, x := range sum {
			row[i] = sign * x
		}
		row[n], row[n+1] = -1, sign*bound
		rows = append(rows, row)
	}
	for i, m := range most {
		one := make([]float64, n)
		one[i] = 1
		add(one, 1, m)
	}
	for _, l := range limits {
		add(l.sum, 1, l.high)
		add(l.sum, -1, l.low)
	}
	t := &tableau{rows: append(rows, make([]float64, n+2))}
	for i := range rows {
		t.basic = append(t.basic, n+1+i)
	}
	for j := range n + 1 {
		t.other = append(t.other, j)
	}
	if !t.begin(n) {
		return 0, false
	}
	return t.optimum(aim, n), true
}

// begin finds a first solution: it makes the artificial variable as small as it
// can be and, if that is zero, takes it out. Otherwise there is none.
func (t *tableau) begin(artificial int) bool {
	last := len(t.rows) - 1
	worst := 0
	for i := range t.basic {
		if t.value(i) < t.value(worst) {
			worst = i
		}
	}
	if t.value(worst) >= -tiny {
		return true
	}
	t.rows[last][artificial] = 1 // minimizing it is maximizing its negative
	t.pivot(worst, artificial)
	t.climb(-1)
	const possible = 1e-6
	if t.value(last) < -possible {
		return false
	}
	for i, b := range t.basic {
		if b != artificial {
			continue
		}
		for j := range t.other { // at zero: any column takes its place
			if math.Abs(t.rows[i][j]) > tiny {
				t.pivot(i, j)
				return true
			}
		}
	}
	return true
}

// optimum maximizes the aim from a first solution.
func (t *tableau) optimum(aim []float64, artificial int) float64 {
	last := len(t.rows) - 1
	clear(t.rows[last])
	banned := -1
	for j, v := range t.other {
		if v == artificial {
			banned = j
		}
		if v < len(aim) {
			t.rows[last][j] -= aim[v]
		}
	}
	for i, v := range t.basic {
		if v < len(aim) && aim[v] != 0 {
			for j := range t.rows[last] {
				t.rows[last][j] += aim[v] * t.rows[i][j]
			}
		}
	}
	if banned >= 0 {
		for i := range t.rows {
			t.rows[i][banned] = 0
		}
	}
	t.climb(banned)
	return t.rows[last][len(t.other)]
}

func (t *tableau) value(row int) float64 { return t.rows[row][len(t.other)] }

// climb pivots until nothing improves, by Bland's rule: it always ends.
func (t *tableau) climb(banned int) {
	last := len(t.rows) - 1
	for {
		enter := -1
		for j, v := range t.other {
			if j != banned && t.rows[last][j] < -tiny && (enter < 0 || v < t.other[enter]) {
				enter = j
			}
		}
		if enter < 0 {
			return
		}
		leave := t.tightest(enter)
		if leave < 0 { // without a bound: cannot be, every variable has one
			return
		}
		t.pivot(leave, enter)
	}
}

// tightest returns the row that first stops a variable from growing.
func (t *tableau) tightest(enter int) int {
	leave := -1
	for i := range t.basic {
		a := t.rows[i][enter]
		if a <= tiny {
			continue
		}
		if leave < 0 {
			leave = i
			continue
		}
		d := t.value(i)/a - t.value(leave)/t.rows[leave][enter]
		if d < -tiny || d <= tiny && t.basic[i] < t.basic[leave] {
			leave = i
		}
	}
	return leave
}

// pivot exchanges a basic variable for another.
func (t *tableau) pivot(row, column int) {
	p := t.rows[row]
	inverse := 1 / p[column]
	for j := range p {
		p[j] *= inverse
	}
	p[column] = inverse
	for i, r := range t.rows {
		if i == row || r[column] == 0 {
			continue
		}
		factor := r[column]
		r[column] = 0
		for j := range r {
			r[j] -= factor * p[j]
		}
	}
	t.basic[row], t.other[column] = t.other[column], t.basic[row]
}
