package analyze

import (
	"pgd/backend/pgerr"
)

// maxFuzzy is the largest distance at which a misspelt name is guessed.
const maxFuzzy = 3

// guess collects the columns nearest to a name that was not found.
type guess struct {
	distance      int
	first, second *RTE
	firstCol      string
	secondCol     string
	hidden        *RTE // has exactly that column, but is out of reach
}

// missingColumn makes the error for a column that was not found, with PostgreSQL's hint about near names.
func (a *Analyzer) missingColumn(sc *scope, rel, col string, loc int32) error {
	var e *pgerr.Error
	if rel != "" {
		e = pgerr.New(pgerr.UndefinedColumn, "column %s.%s does not exist", rel, col).At(loc)
	} else {
		e = pgerr.New(pgerr.UndefinedColumn, "column \"%s\" does not exist", col).At(loc)
	}
	g := guess{distance: maxFuzzy + 1}
	for at := sc; at != nil; at = at.parent {
		for _, r := range at.query.RTable {
			if r.Kind != RTEJoin {
				g.entry(r, rel, col)
			}
		}
	}
	switch {
	case g.hidden != nil:
		return e.WithHint("There is a column named \"%s\" in table \"%s\", but it cannot be referenced from this part of the query.", col, g.hidden.Alias)
	case g.first != nil && g.second != nil:
		return e.WithHint("Perhaps you meant to reference the column \"%s.%s\" or the column \"%s.%s\".", g.first.Alias, g.firstCol, g.second.Alias, g.secondCol)
	case g.first != nil:
		return e.WithHint("Perhaps you meant to reference the column \"%s.%s\".", g.first.Alias, g.firstCol)
	}
	return e
}

// entry weighs the columns of one entry; an alias that differs from the one given counts as part of the distance.
func (g *guess) entry(r *RTE, rel, col string) {
	if g.hidden != nil {
		return
	}
	penalty := 0
	if rel != "" && r.Alias != "" {
		penalty = levenshtein(rel, r.Alias)
		if penalty > maxFuzzy {
			penalty = maxFuzzy
		}
	}
	for i := range r.Columns {
		c := &r.Columns[i]
		if c.Dropped || c.Name == "" || c.Name[0] == '?' {
			continue
		}
		if c.Name == col && rel == "" {
			g.hidden = r
			return
		}
		if g.distance < penalty {
			return
		}
		d := levenshtein(c.Name, col)
		if d > len(col)/2 && d != 0 {
			continue
		}
		d += penalty
		switch {
		case d < g.distance:
			g.distance, g.first, g.firstCol, g.second = d, r, c.Name, nil
		case d == g.distance && g.distance <= maxFuzzy:
			if g.second != nil {
				// Too many are equally near: none is worth naming, and none further off either.
				g.first, g.second, g.distance = nil, nil, d-1
			} else if g.first != nil {
				g.second, g.secondCol = r, c.Name
			}
		}
	}
}

// levenshtein is the number of single-character changes between two names.
func levenshtein(s, t string) int {
	x, y := []rune(s), []rune(t)
	prev, cur := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := range x {
		cur[0] = i + 1
		for j := range y {
			d := prev[j]
			if x[i] != y[j] {
				d++
			}
			cur[j+1] = min(d, prev[j+1]+1, cur[j]+1)
		}
		prev, cur = cur, prev
	}
	return prev[len(y)]
}

// missingRelation makes the error for a qualifier that names no entry in reach.
func (a *Analyzer) missingRelation(sc *scope, schema, rel string, loc int32) error {
	name := rel
	if schema != "" {
		name = schema + "." + rel
	}
	// The table may be in FROM under another alias, or out of reach.
	for at := sc; at != nil; at = at.parent {
		for i, r := range at.query.RTable {
			if r.Alias == rel {
				return pgerr.New(pgerr.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", rel).
					WithHint("There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", rel).At(loc)
			}
			var real string
			switch {
			case r.Kind == RTERelation:
				real = r.Relation.Name
			case r.View != nil:
				real = r.View.Name
			}
			if real == rel && r.Alias != rel {
				e := pgerr.New(pgerr.UndefinedTable, "invalid reference to FROM-clause entry for table \"%s\"", rel).At(loc)
				if at.sees(i) {
					return e.WithHint("Perhaps you meant to reference the table alias \"%s\".", r.Alias)
				}
				return e
			}
		}
	}
	return pgerr.New(pgerr.UndefinedTable, "missing FROM-clause entry for table \"%s\"", name).At(loc)
}

// sees tells whether entry i can be named at this level.
func (sc *scope) sees(i int) bool {
	for j := range sc.items {
		if it := &sc.items[j]; it.rte == i && it.qualified && (!it.lateralOnly || sc.lateral) {
			return true
		}
	}
	return false
}
