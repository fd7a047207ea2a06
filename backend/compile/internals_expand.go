package compile

import (
	"strconv"
	"strings"

	"pgd/backend/analyze"
	"pgd/backend/functions"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// expanded writes a function in FROM that gives rows of a composite type, or anonymous ones that a column definition list describes, as a
// table of their columns: pg_expand_N!function(definitions or NULL, arguments…).
func (g *gen) expanded(p string, args []analyze.Expr, columns []analyze.RTEColumn, defined bool, name string) {
	g.call("pg_expand_" + strconv.Itoa(len(columns)) + "!" + p)
	g.w("(")
	if defined {
		var defs []string
		for _, c := range columns {
			defs = append(defs, c.Name, strconv.Itoa(int(c.Typ)), strconv.Itoa(int(c.Mod)))
		}
		g.quote(types.PackNames(defs))
	} else {
		g.w("NULL")
	}
	for _, a := range args {
		g.w(", ")
		g.expr(a)
	}
	g.w(") AS ", name)
}

// expandTable is the table of a function's rows taken apart.
func expandTable(name string, call functions.Call) *storage.Function {
	width, inner, _ := strings.Cut(strings.TrimPrefix(name, "pg_expand_"), "!")
	n, err := strconv.Atoi(width)
	if err != nil {
		return nil
	}
	f := ofProc(inner, call)
	if f == nil {
		return nil
	}
	defs := ""
	return &storage.Function{NArgs: f.NArgs + 1, Columns: columnNames(n), Set: func(a []types.Value) (storage.Rows, error) {
		if !a[0].IsNull() && string(a[0].B) != defs {
			defs = string(a[0].B)
			c := call
			c.Columns = readColumns(defs)
			f = ofProc(inner, c)
		}
		if f.Set == nil {
			v, err := f.Scalar(a[1:])
			if err != nil {
				return nil, err
			}
			return &expand{Rows: &list{rows: [][]types.Value{{v.Clone()}}}, row: make([]types.Value, n)}, nil
		}
		rows, err := f.Set(a[1:])
		if err != nil {
			return nil, err
		}
		return &expand{Rows: rows, row: make([]types.Value, n)}, nil
	}}
}

// readColumns reads a column definition list.
func readColumns(defs string) []functions.Column {
	var out []functions.Column
	words := types.Record{Names: defs}.ColumnNames()
	for ; len(words) >= 3; words = words[3:] {
		typ, _ := strconv.ParseUint(words[1], 10, 32)
		mod, _ := strconv.ParseInt(words[2], 10, 32)
		out = append(out, functions.Column{Name: words[0], Type: uint32(typ), Typmod: int32(mod)})
	}
	return out
}

// expand takes the one composite value of each row apart; of a NULL every column is NULL.
type expand struct {
	storage.Rows
	row []types.Value
}

// Next gives the next row.
func (x *expand) Next() ([]types.Value, bool, error) {
	r, ok, err := x.Rows.Next()
	if !ok || err != nil {
		return nil, false, err
	}
	clear(x.row)
	if !r[0].IsNull() {
		rec, err := types.ReadRecord(r[0])
		if err != nil {
			return nil, false, err
		}
		copy(x.row, rec.Columns)
	}
	return x.row, true, nil
}
