package storage

import (
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Set-returning functions are eponymous virtual tables. The arguments are hidden columns, which SQLite fills from the call's
// parentheses; they may come from tables further left in FROM, which is what LATERAL needs.

// What the planner is told of a set: PostgreSQL's own guess is 1000 rows, SQLite's join order wants it to look dear enough to come
// after the tables that give it its arguments.
const (
	setRows = 100
	setCost = 1000
)

func (d *DB) createSet(name string, f *Function) error {
	var decl strings.Builder
	decl.WriteString("CREATE TABLE x(")
	for _, c := range f.Columns {
		decl.WriteString(sqlite3.QuoteIdentifier(c))
		decl.WriteString(", ")
	}
	for i := range f.NArgs {
		decl.WriteString("arg" + strconv.Itoa(i+1) + " HIDDEN, ")
	}
	decl.WriteString("ordinality HIDDEN)")
	text := decl.String()
	//lint:ignore SA1019 the method that replaces it needs a newer Go than go.mod's
	return sqlite3.CreateModule(d.conn, name, nil, func(c *sqlite3.Conn, _, _, _ string, _ ...string) (*set, error) {
		if err := c.VTabConfig(sqlite3.VTAB_INNOCUOUS); err != nil {
			return nil, err
		}
		return &set{d: d, f: f, name: name}, c.DeclareVTab(text)
	})
}

type set struct {
	d    *DB
	f    *Function
	name string
}

// BestIndex wants an equality for every argument. One that is there but cannot be used yet rules this join order out.
func (s *set) BestIndex(x *sqlite3.IndexInfo) error {
	first, found := len(s.f.Columns), 0
	for i, c := range x.Constraint {
		arg := c.Column - first
		if arg < 0 || arg >= s.f.NArgs || c.Op != sqlite3.INDEX_CONSTRAINT_EQ {
			continue
		}
		if !c.Usable {
			return sqlite3.CONSTRAINT
		}
		x.ConstraintUsage[i] = sqlite3.IndexConstraintUsage{ArgvIndex: arg + 1, Omit: true}
		found++
	}
	if found != s.f.NArgs {
		return s.d.fail(pgerr.New(pgerr.InternalError, "set-returning function %q needs %d arguments, not %d", s.name, s.f.NArgs, found))
	}
	x.EstimatedRows, x.EstimatedCost = setRows, setCost
	return nil
}

func (s *set) Open() (sqlite3.VTabCursor, error) { return &setCursor{set: s}, nil }

type setCursor struct {
	*set
	args []types.Value
	rows Rows
	row  []types.Value
	n    int64
	eof  bool
}

func (c *setCursor) Close() error {
	if c.rows != nil {
		c.rows.Close()
		c.rows = nil
	}
	return nil
}

func (c *setCursor) Filter(_ int, _ string, arg ...sqlite3.Value) (err error) {
	c.Close()
	d := c.d
	d.callbacks++
	defer d.guard(len(d.args), func(e error) { err = e })
	c.args = c.args[:0]
	for i := range arg {
		c.args = append(c.args, value(arg[i]).Clone())
	}
	c.n, c.eof = 0, false
	rows, err := c.f.Set(c.args)
	if err != nil {
		return d.fail(err)
	}
	c.rows = rows
	return c.next()
}

func (c *setCursor) Next() (err error) {
	d := c.d
	d.callbacks++
	defer d.guard(len(d.args), func(e error) { err = e })
	return c.next()
}

func (c *setCursor) next() error {
	if c.rows == nil {
		c.eof = true
		return nil
	}
	row, ok, err := c.rows.Next()
	if err != nil {
		return c.d.fail(err)
	}
	c.row, c.eof = row, !ok
	c.n++
	return nil
}

func (c *setCursor) EOF() bool { return c.eof }

func (c *setCursor) RowID() (int64, error) { return c.n, nil }

func (c *setCursor) Column(ctx sqlite3.Context, n int) (err error) {
	d := c.d
	d.callbacks++
	defer d.guard(len(d.args), func(e error) { err = e })
	out := len(c.f.Columns)
	switch {
	case n < out && n < len(c.row):
		result(ctx, c.row[n])
	case n < out:
		ctx.ResultNull()
	case n < out+len(c.args):
		result(ctx, c.args[n-out])
	default:
		ctx.ResultInt64(c.n)
	}
	return nil
}
