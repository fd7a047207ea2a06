package session

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"pgd/backend/catalog"
	"pgd/backend/types"
)

// planNode is one step of a plan as EXPLAIN shows it.
type planNode struct {
	name     string // "Seq Scan", "Index Scan"
	on       string // relation
	index    string
	details  [][2]string
	children []*planNode
	ran      bool
	rows     int64
	took     time.Duration
}

// planTree asks SQLite for its plan of a program and puts it into PostgreSQL's words.
func (s *session) planTree(p *plan) (*planNode, error) {
	names := tableNames(p.SQL)
	nodes := map[int64]*planNode{0: {}}
	var order []int64
	parent := map[int64]int64{}
	err := s.db.Query("EXPLAIN QUERY PLAN "+p.SQL, nil, func(r []types.Value) error {
		id, up := r[0].I, r[1].I
		nodes[id] = sqliteStep(string(r[3].B), names)
		parent[id] = up
		order = append(order, id)
		return nil
	})
	if err != nil {
		return nil, s.storeError(err)
	}
	for _, id := range order {
		up := nodes[parent[id]]
		if up == nil {
			up = nodes[0]
		}
		up.children = append(up.children, nodes[id])
	}
	top := nodes[0]
	switch n := joined(top.children); {
	case p.Writes:
		w := &planNode{name: map[string]string{"INSERT 0": "Insert", "UPDATE": "Update", "DELETE": "Delete"}[p.Tag]}
		_ = s.inView(func(v view) error {
			if rel, err := v.RelationByOID(p.Target); err == nil && rel != nil {
				w.on = rel.Name
			}
			return nil
		})
		if n != nil {
			w.children = []*planNode{n}
		} else {
			w.children = []*planNode{{name: "Result"}}
		}
		return w, nil
	case n == nil:
		return &planNode{name: "Result"}, nil
	default:
		return n, nil
	}
}

// joined makes one node of SQLite's list of loops, each inside the one before, and of the sorts that follow them.
func joined(list []*planNode) *planNode {
	var n *planNode
	for _, c := range list {
		if len(c.children) > 0 && c.name != "Subquery Scan" && c.name != "Append" && c.name != "CTE" && c.name != "SubPlan" {
			if inner := joined(c.children); inner != nil {
				c.children = []*planNode{inner}
			}
		}
		switch {
		case n == nil:
			n = c
		case c.name == "Sort" || c.name == "HashAggregate" || c.name == "Unique":
			c.children = append(c.children, n)
			n = c
		default:
			n = &planNode{name: "Nested Loop", children: []*planNode{n, c}}
		}
	}
	return n
}

// sqliteStep reads one line of EXPLAIN QUERY PLAN.
func sqliteStep(line string, names map[string]string) *planNode {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "SCAN", "SEARCH":
		return scanStep(word, rest, names)
	case "USE":
		switch {
		case strings.HasSuffix(rest, "ORDER BY"):
			return &planNode{name: "Sort"}
		case strings.HasSuffix(rest, "GROUP BY"):
			return &planNode{name: "HashAggregate"}
		case strings.HasSuffix(rest, "DISTINCT"):
			return &planNode{name: "Unique"}
		}
	case "COMPOUND", "UNION", "LEFT-MOST", "MERGE":
		return &planNode{name: "Append"}
	case "CO-ROUTINE", "MATERIALIZE":
		return &planNode{name: "Subquery Scan", on: logicalName(rest)}
	case "SCALAR", "CORRELATED", "LIST":
		return &planNode{name: "SubPlan"}
	case "BLOOM":
		return &planNode{name: "Bloom Filter", on: logicalName(strings.TrimPrefix(rest, "FILTER ON "))}
	case "LEFT-JOIN", "RIGHT-JOIN":
		return &planNode{name: "Right Join"}
	}
	return &planNode{name: strings.ToUpper(line[:min(1, len(line))]) + strings.ToLower(line[min(1, len(line)):])}
}

// scanStep reads "SCAN t", "SEARCH t USING INDEX i (a=?)", "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)".
func scanStep(word, rest string, names map[string]string) *planNode {
	if strings.HasPrefix(rest, "CONSTANT ROW") {
		return &planNode{name: "Result"}
	}
	table, how, _ := strings.Cut(rest, " USING ")
	table, _, _ = strings.Cut(table, " VIRTUAL TABLE")
	on, known := names[table]
	if !known {
		on = logicalName(table)
	}
	n := &planNode{name: "Seq Scan", on: on}
	cond := ""
	if i := strings.IndexByte(how, '('); i >= 0 {
		cond = strings.TrimSuffix(how[i:], " LEFT-JOIN")
		how = strings.TrimSpace(how[:i])
	}
	switch {
	case strings.HasPrefix(how, "COVERING INDEX "):
		n.name, n.index = "Index Only Scan", strings.TrimPrefix(how, "COVERING INDEX ")
	case strings.HasPrefix(how, "INDEX "):
		n.name, n.index = "Index Scan", strings.TrimPrefix(how, "INDEX ")
	case strings.HasPrefix(how, "AUTOMATIC"):
		n.name = "Hash Scan"
	case strings.HasPrefix(how, "INTEGER PRIMARY KEY"):
		n.name, n.index = "Index Scan", "primary key"
	}
	if n.index != "" {
		_, n.index = catalog.LogicalRelation(n.index)
	}
	if word == "SEARCH" && cond != "" {
		n.details = append(n.details, [2]string{"Index Cond", condition(cond)})
	}
	return n
}

// condition writes "(a=? AND b>?)" as "((a = ...) AND (b > ...))": SQLite does not tell what it compares with.
func condition(cond string) string {
	parts := strings.Split(strings.Trim(cond, "()"), " AND ")
	for i, p := range parts {
		if at := strings.IndexAny(p, "=<>"); at > 0 {
			op := strings.TrimSuffix(p[at:], "?")
			parts[i] = "(" + catalog.LogicalColumn(p[:at]) + " " + op + " ...)"
		}
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, " AND ") + ")"
}

var namedTable = regexp.MustCompile(`"((?:[^"]|"")+)" AS (t[0-9]+)`)

// tableNames reads out of a program's text which table each of its short names stands for.
func tableNames(sql string) map[string]string {
	names := map[string]string{}
	for _, m := range namedTable.FindAllStringSubmatch(sql, -1) {
		_, names[m[2]] = catalog.LogicalRelation(strings.ReplaceAll(m[1], `""`, `"`))
	}
	return names
}

func logicalName(key string) string {
	name, _, _ := strings.Cut(key, " ")
	_, name = catalog.LogicalRelation(name)
	return name
}

// title is a node's line.
func (n *planNode) title(o explainOptions) string {
	t := n.name
	if n.index != "" {
		t += " using " + quoteIdent(n.index)
	}
	if n.on != "" {
		t += " on " + quoteIdent(n.on)
	}
	if n.ran {
		if o.timing {
			t += fmt.Sprintf(" (actual time=0.000..%s rows=%d loops=1)", millis(n.took), n.rows)
		} else {
			t += fmt.Sprintf(" (actual rows=%d loops=1)", n.rows)
		}
	}
	return t
}

func (n *planNode) text(o explainOptions, depth int, lines *[][]string) {
	lead := ""
	if depth > 0 {
		lead = strings.Repeat(" ", 6*depth-4) + "->  "
	}
	*lines = append(*lines, []string{lead + n.title(o)})
	for _, d := range n.details {
		*lines = append(*lines, []string{strings.Repeat(" ", 6*depth+2) + d[0] + ": " + d[1]})
	}
	for _, c := range n.children {
		c.text(o, depth+1, lines)
	}
}

// tree is the node as EXPLAIN (FORMAT JSON) has it.
func (n *planNode) tree() map[string]any {
	m := map[string]any{"Node Type": n.name}
	if n.on != "" {
		m["Relation Name"] = n.on
	}
	if n.index != "" {
		m["Index Name"] = n.index
	}
	if n.ran {
		m["Actual Rows"], m["Actual Loops"], m["Actual Total Time"] = n.rows, 1, float64(n.took.Microseconds())/1000
	}
	for _, d := range n.details {
		m[d[0]] = d[1]
	}
	var plans []any
	for _, c := range n.children {
		plans = append(plans, c.tree())
	}
	if plans != nil {
		m["Plans"] = plans
	}
	return m
}

func (n *planNode) json(o explainOptions, planning time.Duration) string {
	m := map[string]any{"Plan": n.tree()}
	if o.summary {
		m["Planning Time"] = float64(planning.Microseconds()) / 1000
		if o.analyze {
			m["Execution Time"] = float64(n.took.Microseconds()) / 1000
		}
	}
	b, err := json.MarshalIndent([]any{m}, "", "  ")
	if err != nil {
		return "[]"
	}
	return string(b)
}
