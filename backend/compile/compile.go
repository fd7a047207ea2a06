package compile

import (
	"strconv"

	"pgd/backend/analyze"
	"pgd/backend/catalog"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Options are what compilation asks of the session.
type Options struct {
	Catalog catalog.Lookup
	Types   *types.Context
	// Params are the types of $1 …, as analysis settled them; they go into the plan.
	Params []uint32
}

// Query compiles an analyzed query. Errors are *pgerr.Error: 0A000 for what has no exact form, 54xxx for limits.
func Query(q *analyze.Query, o Options) (p *Plan, err error) {
	g := &gen{o: o, plan: &Plan{Params: o.Params}}
	defer g.rescue(&err)
	switch q.Command {
	case analyze.Select:
		g.plan.Tag = "SELECT"
		g.query(q, nil, asTop)
		g.plan.Columns = g.columns(q.Targets)
	case analyze.Insert:
		g.plan.Tag = "INSERT 0"
		g.insert(q)
	case analyze.Update:
		g.plan.Tag = "UPDATE"
		g.update(q)
	case analyze.Delete:
		g.plan.Tag = "DELETE"
		g.delete(q)
	}
	if q.Command != analyze.Select {
		g.plan.Writes = true
		g.plan.Columns = g.columns(q.Returning)
		g.plan.Returning = len(q.Returning) > 0
	}
	g.plan.SQL = string(g.b)
	return g.plan, nil
}

// Expr compiles one expression over one table, RTE 0, whose columns columns names: for CHECK, index keys, generated columns, and what
// ALTER TABLE fills in.
func Expr(e analyze.Expr, columns func(v *analyze.Var) string, o Options) (sql string, err error) {
	g := &gen{o: o, plan: &Plan{}}
	defer g.rescue(&err)
	g.level = &level{column: columns, stored: true}
	g.expr(e)
	return string(g.b), nil
}

// gen writes the SQL of one plan.
type gen struct {
	o     Options
	b     []byte
	plan  *Plan
	level *level
	// aliases counts the tables named so far: every name is used once in a statement, so that none can hide another.
	aliases int
	depth   int
	// caseTest is what a CaseTest stands for.
	caseTest []string
	// domainValue is what VALUE stands for.
	domainValue []string
	// param replaces $N where the text is run by itself with parameters of its own.
	param func(p *analyze.Param) string
	// ctes are the names given to WITH queries.
	ctes map[*analyze.CTE]string
	// recursing gives the level of the recursive term being written, where alone the query may be named.
	recursing map[*analyze.CTE]*level
}

// level is one query level: what variables of it are called.
type level struct {
	q      *analyze.Query
	parent *level
	// names are the tables' names by range table index; "" for those without one.
	names []string
	// nullable marks entries that an outer join may fill with NULLs.
	nullable []bool
	// out are the level's own output columns (Var over RTE -1).
	out []string
	// sets are the tables that stand for set-returning functions of the select list.
	sets map[*analyze.SetCall]setTable
	// absent are the grouping keys that the grouping set being written does not have.
	absent []analyze.Expr
	// returning is set while RETURNING is written.
	returning bool
	// column replaces all of this for expressions over one table.
	column func(v *analyze.Var) string
	// stored tells that column gives columns of a stored table, which carry their collation.
	stored bool
}

// setTable is where a set-returning function's columns are: of the table's columns those from first.
type setTable struct {
	name  string
	first int
}

// failure carries an error out of the depth of generation.
type failure struct{ err error }

func (g *gen) fail(err error) { panic(failure{err}) }

func (g *gen) unsupported(loc int32, format string, args ...any) {
	g.fail(pgerr.Unsupported(loc, format, args...))
}

// rescue turns a failure into the error it carries; other panics go on.
func (g *gen) rescue(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.err
	default:
		panic(r)
	}
}

func (g *gen) w(parts ...string) {
	for _, s := range parts {
		g.b = append(g.b, s...)
	}
}

func (g *gen) int(i int64) { g.b = strconv.AppendInt(g.b, i, 10) }

// text gives what f writes, in place of writing it.
func (g *gen) text(f func()) string {
	at := len(g.b)
	f()
	s := string(g.b[at:])
	g.b = g.b[:at]
	return s
}

func (g *gen) alias() string {
	g.aliases++
	return "t" + strconv.Itoa(g.aliases)
}

func col(i int) string { return "c" + strconv.Itoa(i) }

// maxDepth bounds the nesting of what is generated: SQLite's parser and code generator recurse on a stack of half a megabyte. It is
// measured in the stack an operator takes; a function takes two, a query three. Past it a connection would be lost.
const maxDepth = 400

func (g *gen) enter(n int) {
	if g.depth += n; g.depth > maxDepth {
		g.fail(pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate."))
	}
}

func (g *gen) leave(n int) { g.depth -= n }

func (g *gen) columns(ts []analyze.Target) []Column {
	out := make([]Column, 0, len(ts))
	for i := range ts {
		if t := &ts[i]; !t.Junk {
			typ, mod := g.shownType(t.Expr.Type(), t.Expr.Typmod())
			out = append(out, Column{Name: t.Name, Type: typ, Typmod: mod, TableOID: t.TableOID, Attnum: t.Attnum})
		}
	}
	return out
}

// relation notes a table the plan depends on.
func (g *gen) relation(r *catalog.Relation) {
	for _, o := range g.plan.Relations {
		if o == r.OID {
			return
		}
	}
	g.plan.Relations = append(g.plan.Relations, r.OID)
}
