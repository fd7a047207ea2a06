package compile

import (
	"strconv"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/functions"
	"pgd/backend/pgerr"
	"pgd/backend/storage"
	"pgd/backend/types"
)

// Resolve finds the implementation of a function named in compiled SQL: an internal one of this package, or one of pg_proc by the
// name procName gave it. call is where the function will run; each gets a copy of its own.
func Resolve(name string, nargs int, call functions.Call) (*storage.Function, bool) {
	if strings.HasPrefix(name, "pg_") {
		if f := internal(name, call); f != nil {
			return f, true
		}
	}
	f := ofProc(name, call)
	return f, f != nil
}

// ofProc finds a function of pg_proc: name_oid, or name_oid__arg_arg__result with the actual types of a polymorphic one.
func ofProc(name string, call functions.Call) *storage.Function {
	name, spread := strings.CutSuffix(name, spreadSuffix)
	base, actual, result := splitName(name)
	at := strings.LastIndexByte(base, '_')
	if at < 0 {
		return nil
	}
	oid, err := strconv.ParseUint(base[at+1:], 10, 32)
	if err != nil {
		return nil
	}
	p := builtin.ProcByOID(uint32(oid))
	row := procRow(uint32(oid))
	if p == nil || row == nil || p.Name != base[:at] {
		return nil
	}
	c := call
	c.Args, c.Result = p.Args, p.Result
	if result != 0 {
		c.Args, c.Result = actual, result
	}
	f := &storage.Function{Deterministic: p.Volatile == 'i', NArgs: len(p.Args)}
	if result != 0 {
		f.NArgs = len(actual)
	}
	switch {
	case spread && row.Scalar != nil:
		f.Scalar = spreadCall(row, &c)
	case p.ReturnsSet && row.Set != nil:
		f.Columns = setColumns(p)
		f.Set = func(args []types.Value) (storage.Rows, error) {
			if p.Strict && anyNull(args) {
				return noRows{}, nil
			}
			it, err := row.Set(&c, args)
			if err != nil {
				return nil, err
			}
			return rows{it}, nil
		}
	case p.Kind == 'a' && row.Aggregate != nil:
		f.Aggregate = func() storage.Aggregate { return row.Aggregate(&c) }
		f.Window = true
	case row.Scalar != nil && p.Strict:
		f.Scalar = func(args []types.Value) (types.Value, error) {
			if anyNull(args) {
				return types.NullValue, nil
			}
			return row.Scalar(&c, args)
		}
	case row.Scalar != nil:
		f.Scalar = func(args []types.Value) (types.Value, error) { return row.Scalar(&c, args) }
	default:
		return nil
	}
	return f
}

// spreadSuffix ends the name of a VARIADIC "any" function that is called with an array for these arguments.
const spreadSuffix = "_spread"

// spreadCall calls a function with the elements of its last argument in place of that. Over no array the functions are NULL; format takes it
// for one without elements.
func spreadCall(row *functions.Row, c *functions.Call) func(args []types.Value) (types.Value, error) {
	declared := c.Args
	return func(args []types.Value) (types.Value, error) {
		last := len(args) - 1
		all := append(make([]types.Value, 0, last+8), args[:last]...)
		c.Args = append(make([]uint32, 0, last+8), declared[:last]...)
		if args[last].IsNull() {
			if !strings.HasPrefix(row.Sig, "format(") {
				return types.NullValue, nil
			}
			return row.Scalar(c, all)
		}
		arr, err := types.ReadArray(args[last])
		if err != nil {
			return types.NullValue, err
		}
		for range arr.Elems {
			c.Args = append(c.Args, arr.Elem)
		}
		return row.Scalar(c, append(all, arr.Elems...))
	}
}

// splitName takes the actual types off a name.
func splitName(name string) (base string, args []uint32, result uint32) {
	// The types are the last two parts divided by "__", so that a function's own name may hold that too.
	end := strings.LastIndex(name, "__")
	if end < 0 {
		return name, nil, 0
	}
	res, err := strconv.ParseUint(name[end+2:], 10, 32)
	if err != nil {
		return name, nil, 0
	}
	head := name[:end]
	start := strings.LastIndex(head, "__")
	list := ""
	if start >= 0 {
		base, list = head[:start], head[start+2:]
	} else if strings.HasSuffix(head, "_") {
		base = strings.TrimSuffix(head, "_")
	} else {
		return name, nil, 0
	}
	if list != "" {
		for _, s := range strings.Split(list, "_") {
			t, err := strconv.ParseUint(s, 10, 32)
			if err != nil {
				return name, nil, 0
			}
			args = append(args, uint32(t))
		}
	}
	return base, args, uint32(res)
}

func anyNull(args []types.Value) bool {
	for i := range args {
		if args[i].IsNull() {
			return true
		}
	}
	return false
}

// setColumns are the columns of a set-returning function: its OUT parameters where it has several, else one.
func setColumns(p *builtin.Proc) []string {
	n := 0
	for _, m := range p.ArgModes {
		if m == 'o' || m == 't' || m == 'b' {
			n++
		}
	}
	return columnNames(max(n, 1))
}

func columnNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = col(i)
	}
	return out
}

// rows adapts a function's iterator.
type rows struct{ functions.RowIter }

func (r rows) Close() {
	if c, ok := r.RowIter.(interface{ Close() }); ok {
		c.Close()
	}
}

type noRows struct{}

func (noRows) Next() ([]types.Value, bool, error) { return nil, false, nil }
func (noRows) Close()                             {}

// typeOf finds a type at run time.
func typeOf(call *functions.Call, oid uint32) (*types.Type, error) {
	if t := call.Context.Find(oid); t != nil {
		return t, nil
	}
	return nil, pgerr.New(pgerr.InternalError, "cache lookup failed for type %d", oid)
}
