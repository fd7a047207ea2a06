package storage

import (
	"github.com/ncruces/go-sqlite3"

	"pgd/backend/types"
)

// aggregate adapts an Aggregate to SQLite's.
func (d *DB) aggregate(f *Function) sqlite3.AggregateConstructor {
	return func() sqlite3.AggregateFunction {
		a := f.Aggregate()
		g := group{d: d, a: a}
		if inv, ok := a.(Inverter); ok {
			return &window{group: g, inverse: inv.Inverse}
		}
		if f.Window {
			k := &keptRows{make: f.Aggregate}
			return &window{group: group{d: d, a: k}, inverse: k.Inverse}
		}
		return &g
	}
}

type group struct {
	d *DB
	a Aggregate
}

func (g *group) Step(ctx sqlite3.Context, arg ...sqlite3.Value) { g.d.row(ctx, g.a.Step, arg) }

func (g *group) Value(ctx sqlite3.Context) {
	d := g.d
	d.callbacks++
	defer d.guard(len(d.args), ctx.ResultError)
	v, err := g.a.Value()
	if err != nil {
		ctx.ResultError(d.fail(err))
		return
	}
	result(ctx, v)
}

func (d *DB) row(ctx sqlite3.Context, f func([]types.Value) error, arg []sqlite3.Value) {
	d.callbacks++
	defer d.guard(len(d.args), ctx.ResultError)
	if err := f(d.push(arg)); err != nil {
		ctx.ResultError(d.fail(err))
	}
}

type window struct {
	group
	inverse func([]types.Value) error
}

func (w *window) Inverse(ctx sqlite3.Context, arg ...sqlite3.Value) { w.d.row(ctx, w.inverse, arg) }

// keptRows gives any aggregate an inverse: it keeps the rows of the frame and aggregates them anew when the frame's start has moved, as
// PostgreSQL does for aggregates without an inverse transition.
type keptRows struct {
	make  func() Aggregate
	rows  [][]types.Value
	cur   Aggregate
	moved bool
}

func (k *keptRows) Step(args []types.Value) error {
	row := make([]types.Value, len(args))
	for i := range args {
		row[i] = args[i].Clone()
	}
	k.rows = append(k.rows, row)
	if k.cur == nil {
		k.cur = k.make()
	}
	if k.moved {
		return nil
	}
	return k.cur.Step(args)
}

func (k *keptRows) Inverse([]types.Value) error {
	k.rows = k.rows[1:]
	k.moved = true
	return nil
}

func (k *keptRows) Value() (types.Value, error) {
	if k.cur == nil || k.moved {
		k.cur, k.moved = k.make(), false
		for _, row := range k.rows {
			if err := k.cur.Step(row); err != nil {
				return types.Value{}, err
			}
		}
	}
	return k.cur.Value()
}
