package session

import (
	"encoding/json"
	"strings"
	"time"

	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// explainOptions are the options of EXPLAIN.
type explainOptions struct {
	analyze, verbose, costs, timing, summary bool
	format                                   string
}

func explainColumns(_ *session, n parse.Node) ([]compile.Column, error) {
	o, err := readExplain(n.(*parse.ExplainStmt).Options)
	if err != nil {
		return nil, err
	}
	c := textColumn("QUERY PLAN")
	if o.format == "json" {
		c.Type = 114
	}
	return []compile.Column{c}, nil
}

func readExplain(options []parse.Node) (explainOptions, error) {
	o := explainOptions{costs: true, timing: true, format: "text"}
	summarySet := false
	flags := map[string]*bool{"analyze": &o.analyze, "verbose": &o.verbose, "costs": &o.costs, "timing": &o.timing, "summary": &o.summary,
		"buffers": new(bool), "settings": new(bool), "wal": new(bool)}
	for _, n := range options {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return o, pgerr.Unsupported(-1, "this option of EXPLAIN is not supported")
		}
		if f := flags[d.Defname]; f != nil {
			on, err := defBool(d)
			if err != nil {
				return o, err
			}
			*f = on
			summarySet = summarySet || d.Defname == "summary"
			continue
		}
		if d.Defname != "format" {
			return o, pgerr.New(pgerr.SyntaxError, "unrecognized EXPLAIN option \"%s\"", d.Defname).At(d.Location)
		}
		f, err := defString(d)
		if err != nil {
			return o, err
		}
		switch f {
		case "text", "json":
			o.format = f
		case "xml", "yaml":
			return o, pgerr.Unsupported(d.Location, "EXPLAIN in format %s is not supported", f)
		default:
			return o, pgerr.New(pgerr.InvalidParameterValue, "unrecognized value for EXPLAIN option \"%s\": \"%s\"", d.Defname, f).At(d.Location)
		}
	}
	if !summarySet {
		o.summary = o.analyze
	}
	return o, nil
}

// explainStatement runs EXPLAIN: SQLite's plan in PostgreSQL's form, without costs, which SQLite does not tell.
func explainStatement(s *session, c *command) (*result, error) {
	n := c.node.(*parse.ExplainStmt)
	o, err := readExplain(n.Options)
	if err != nil {
		return nil, err
	}
	columns, _ := explainColumns(s, n)
	st, args, err := s.explained(c, n.Query)
	if err != nil {
		return nil, err
	}
	defer st.release()
	if !isQuery(st.source.Node) {
		return textRows("EXPLAIN", columns, [][]string{{"Utility Statement"}}), nil
	}
	began := time.Now()
	p, err := s.planned(st)
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	planning := time.Since(began)
	root, err := s.planTree(p)
	if err != nil {
		s.db.EndRead()
		return nil, err
	}
	if o.analyze {
		if root.rows, root.took, err = s.explainRun(p, args); err != nil {
			return nil, err
		}
		root.ran = true
	} else {
		s.db.EndRead()
	}
	if o.format == "json" {
		return textRows("EXPLAIN", columns, [][]string{{root.json(o, planning)}}), nil
	}
	var lines [][]string
	root.text(o, 0, &lines)
	if o.summary {
		lines = append(lines, []string{"Planning Time: " + millis(planning) + " ms"})
		if o.analyze {
			lines = append(lines, []string{"Execution Time: " + millis(root.took) + " ms"})
		}
	}
	return textRows("EXPLAIN", columns, lines), nil
}

// explained gives the statement whose plan is asked for.
func (s *session) explained(c *command, n parse.Node) (*statement, []types.Value, error) {
	if x, ok := n.(*parse.ExecuteStmt); ok {
		_, p, err := s.toExecute(x)
		if err != nil {
			return nil, nil, err
		}
		args, err := s.executeArguments(x, p, c)
		p.st.users++
		return p.st, args, err
	}
	source := c.st.source
	source.Node = n
	if d, ok := n.(*parse.DeclareCursorStmt); ok {
		source.Node = d.Query
	}
	if t, ok := n.(*parse.CreateTableAsStmt); ok {
		source.Node = t.Query
	}
	return &statement{source: source, query: c.st.query, users: 1, external: c.st.external, declared: c.st.params}, c.args, nil
}

// explainRun runs the plan and throws its rows away.
func (s *session) explainRun(p *plan, args []types.Value) (int64, time.Duration, error) {
	began := time.Now()
	r, err := s.start(p, args)
	if err != nil {
		s.db.EndRead()
		return 0, 0, err
	}
	defer r.free()
	n := int64(0)
	for r.rows != nil {
		ok, err := r.rows.Step()
		if err != nil {
			return 0, 0, err
		}
		if !ok {
			break
		}
		n++
	}
	return n, time.Since(began), r.end()
}

func millis(d time.Duration) string {
	b, _ := json.Marshal(float64(d.Microseconds()) / 1000)
	s := string(b)
	if i := strings.IndexByte(s, '.'); i < 0 {
		s += ".000"
	} else {
		s = (s + "00")[:i+4]
	}
	return s
}
