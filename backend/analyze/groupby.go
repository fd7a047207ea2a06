package analyze

import (
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// groupClause analyses GROUP BY: keys, and the sets that GROUPING SETS, ROLLUP and CUBE make of them.
func (a *Analyzer) groupClause(sc *scope, n *parse.SelectStmt) error {
	q := sc.query
	if n.GroupClause == nil {
		return nil
	}
	// Every item gives a list of alternative sets; a plain key gives one set of one. The whole is their cross product.
	sets := [][]int{nil}
	plain := true
	for _, g := range n.GroupClause {
		alt, simple, err := a.groupItem(sc, g)
		if err != nil {
			return err
		}
		plain = plain && simple
		var next [][]int
		for _, s := range sets {
			for _, t := range alt {
				next = append(next, union(s, t))
			}
		}
		if sets = next; len(sets) > 4096 {
			return pgerr.New(pgerr.StatementTooComplex, "too many grouping sets present (maximum 4096)")
		}
	}
	if !plain {
		if n.GroupDistinct {
			sets = distinctSets(sets)
		}
		q.GroupingSets = sets
	}
	return nil
}

// groupItem gives the alternative sets of one item of GROUP BY; simple tells a key or a list of keys.
func (a *Analyzer) groupItem(sc *scope, n parse.Node) (alt [][]int, simple bool, err error) {
	switch n := n.(type) {
	case *parse.RowExpr:
		if n.RowFormat == parse.CoercionForm_COERCE_IMPLICIT_CAST {
			s, err := a.groupKeys(sc, n.Args)
			return [][]int{s}, true, err
		}
	case *parse.GroupingSet:
		switch n.Kind {
		case parse.GroupingSetKind_GROUPING_SET_EMPTY:
			return [][]int{nil}, false, nil
		case parse.GroupingSetKind_GROUPING_SET_SETS:
			for _, c := range n.Content {
				more, _, err := a.groupItem(sc, c)
				if err != nil {
					return nil, false, err
				}
				alt = append(alt, more...)
			}
			return alt, false, nil
		case parse.GroupingSetKind_GROUPING_SET_ROLLUP, parse.GroupingSetKind_GROUPING_SET_CUBE:
			return a.rollupOrCube(sc, n)
		}
		return nil, false, pgerr.Unsupported(n.Location, "this kind of grouping set is not supported")
	}
	s, err := a.groupKeys(sc, []parse.Node{n})
	return [][]int{s}, true, err
}

func (a *Analyzer) rollupOrCube(sc *scope, n *parse.GroupingSet) ([][]int, bool, error) {
	parts := make([][]int, 0, len(n.Content))
	for _, c := range n.Content {
		keys := []parse.Node{c}
		if r, ok := c.(*parse.RowExpr); ok && r.RowFormat == parse.CoercionForm_COERCE_IMPLICIT_CAST {
			keys = r.Args
		}
		s, err := a.groupKeys(sc, keys)
		if err != nil {
			return nil, false, err
		}
		parts = append(parts, s)
	}
	var alt [][]int
	if n.Kind == parse.GroupingSetKind_GROUPING_SET_ROLLUP {
		for i := len(parts); i >= 0; i-- {
			var s []int
			for _, p := range parts[:i] {
				s = union(s, p)
			}
			alt = append(alt, s)
		}
		return alt, false, nil
	}
	if len(parts) > 12 {
		return nil, false, pgerr.New(pgerr.TooManyColumns, "CUBE is limited to 12 elements").At(n.Location)
	}
	for mask := 1<<len(parts) - 1; mask >= 0; mask-- {
		var s []int
		for i, p := range parts {
			if mask&(1<<(len(parts)-1-i)) != 0 {
				s = union(s, p)
			}
		}
		alt = append(alt, s)
	}
	return alt, false, nil
}

// groupKeys analyses keys and gives their places in query.GroupBy.
func (a *Analyzer) groupKeys(sc *scope, ns []parse.Node) ([]int, error) {
	q := sc.query
	var out []int
	for _, n := range ns {
		before := len(q.Targets)
		t, err := a.findTarget(sc, n, kindGroupBy, "GROUP BY")
		if err != nil {
			return nil, err
		}
		if err := a.settleTarget(&q.Targets[t]); err != nil {
			return nil, err
		}
		e := q.Targets[t].Expr
		q.Targets = q.Targets[:max(before, len(q.Targets)-boolInt(len(q.Targets) > before))]
		if _, err := a.equalOperator(e.Type(), nodeLocation(n)); err != nil {
			return nil, err
		}
		at := -1
		for i, have := range q.GroupBy {
			if have == e || equalExpr(have, e) {
				at = i
			}
		}
		if at < 0 {
			q.GroupBy = append(q.GroupBy, e)
			at = len(q.GroupBy) - 1
		}
		out = union(out, []int{at})
	}
	return out, nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func union(s, t []int) []int {
	out := append([]int{}, s...)
next:
	for _, x := range t {
		for _, y := range out {
			if x == y {
				continue next
			}
		}
		out = append(out, x)
	}
	return out
}

// distinctSets removes sets that occurred before (GROUP BY DISTINCT).
func distinctSets(sets [][]int) [][]int {
	var out [][]int
next:
	for _, s := range sets {
		for _, t := range out {
			if len(s) == len(t) && len(union(s, t)) == len(s) {
				continue next
			}
		}
		out = append(out, s)
	}
	return out
}
