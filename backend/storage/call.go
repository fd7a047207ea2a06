package storage

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// errFunction is what SQLite is told when a function failed; the real error waits in DB.funcErr.
var errFunction = fmt.Errorf("function failed")

// push copies SQLite's arguments onto the stack of arguments. The returned slice stays valid even when a nested call grows the stack.
func (d *DB) push(args []sqlite3.Value) []types.Value {
	base := len(d.args)
	for i := range args {
		d.args = append(d.args, value(args[i]))
	}
	return d.args[base:len(d.args):len(d.args)]
}

func (d *DB) inCallback() bool { return len(d.args) > 0 || d.callbacks > 0 }

func value(v sqlite3.Value) types.Value {
	switch v.Type() {
	case sqlite3.INTEGER:
		return types.Value{Kind: types.Int, I: v.Int64()}
	case sqlite3.FLOAT:
		return types.Value{Kind: types.Float, F: v.Float()}
	case sqlite3.TEXT:
		return types.Value{Kind: types.Text, B: v.RawText()}
	case sqlite3.BLOB:
		return types.Value{Kind: types.Blob, B: v.RawBlob()}
	}
	return types.Value{}
}

func result(ctx sqlite3.Context, v types.Value) {
	switch v.Kind {
	case types.Null:
		ctx.ResultNull()
	case types.Int:
		ctx.ResultInt64(v.I)
	case types.Float:
		ctx.ResultFloat(v.F)
	case types.Text:
		ctx.ResultText(unsafeString(v.B))
	default:
		ctx.ResultBlob(v.B)
	}
}

// fail keeps a function's error and gives SQLite one in its place.
func (d *DB) fail(err error) error {
	d.funcErr = err
	return errFunction
}

// guard ends a callback: it takes down what the callback noted and turns a panic into the callback's error, since a panic must not
// run through SQLite's own frames.
func (d *DB) guard(args int, failed func(error)) {
	d.callbacks--
	d.args = d.args[:args]
	if r := recover(); r != nil {
		e, ok := r.(error)
		if ok && e.Error() == outOfMemory {
			failed(d.fail(pgerr.New(pgerr.OutOfMemory, "out of memory")))
			return
		}
		failed(d.fail(pgerr.New(pgerr.InternalError, "function failed: %v", r)))
	}
}

func (d *DB) scalar(f *Function) sqlite3.ScalarFunction {
	call := f.Scalar
	return func(ctx sqlite3.Context, arg ...sqlite3.Value) {
		base := len(d.args)
		d.callbacks++
		defer d.guard(base, ctx.ResultError)
		if d.intr.err != nil {
			ctx.ResultError(d.fail(d.intr.err))
			return
		}
		v, err := call(d.push(arg))
		if err != nil {
			ctx.ResultError(d.fail(err))
			return
		}
		result(ctx, v)
	}
}
