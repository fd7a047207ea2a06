package functions

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

var update = flag.Bool("update", false, "ask the PostgreSQL server PGD_ORACLE (a connection string) and record its answers")

// call is one line of testdata/functions: the signature, the actual types of a polymorphic one, the arguments as JSON (text forms, null), and
// what PostgreSQL answered: the result's type OID and text, NULL, or !SQLSTATE and message.
type call struct {
	sig, types, args, result string
}

const testSettings = `set timezone='America/New_York'; set datestyle='ISO, MDY'; set extra_float_digits=1; set intervalstyle='postgres'`

func testCall() *Call {
	loc, _ := types.LoadZone("America/New_York")
	return &Call{Context: &types.Context{DateStyle: types.DateStyle{Format: "ISO", Order: "MDY"}, IntervalStyle: "postgres", TimeZone: loc,
		TimeZoneName: "America/New_York", ExtraFloatDigits: 1, Now: time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)}}
}

// Ensure that functions give PostgreSQL's results and errors for the calls of testdata/functions. A new call is a line with its first
// three columns, then -update.
func TestFunctionsAsPostgreSQL(t *testing.T) {
	strict := procs(t)
	files, _ := filepath.Glob("testdata/functions/*.tsv")
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".tsv"), func(t *testing.T) {
			calls := readCalls(t, f)
			if *update {
				askAll(t, calls)
				writeCalls(t, f, calls)
			}
			bad := 0
			for _, c := range calls {
				if c.result == "" {
					continue
				}
				if got, run := evaluate(t, c, strict[c.sig].strict); run && got != c.result {
					t.Errorf("%s %s %s\n got  %s\n want %s", c.sig, c.types, c.args, got, c.result)
					if bad++; bad > 80 {
						t.Fatal("and more")
					}
				}
			}
		})
	}
}

// Ensure that every row names an entry of PostgreSQL 15's pg_proc.
func TestSignaturesExist(t *testing.T) {
	known := procs(t)
	All(func(r *Row) {
		if _, ok := known[r.Sig]; !ok {
			t.Errorf("%s is not in pg_proc", r.Sig)
		}
	})
}

type proc struct {
	kind   string
	set    bool
	strict bool
	result string
}

func procs(t *testing.T) map[string]proc {
	b, err := os.ReadFile("testdata/procs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]proc{"information_schema._pg_expandarray(anyarray)": {}}
	for _, line := range strings.Split(string(b), "\n") {
		if c := strings.Split(line, "\t"); len(c) >= 7 {
			m[c[0]] = proc{c[1], c[2] == "1", c[3] == "1", c[5]}
		}
	}
	return m
}

// declaredResult gives the declared result of a function.
func declaredResult(sig string) string {
	b, _ := os.ReadFile("testdata/procs.tsv")
	for _, line := range strings.Split(string(b), "\n") {
		if c := strings.Split(line, "\t"); c[0] == sig && len(c) >= 7 {
			return c[5]
		}
	}
	return ""
}

func firstOf(args []uint32) uint32 {
	if len(args) > 0 {
		return args[0]
	}
	return 0
}

// argTypes gives the names of the argument types: those of the signature unless actual ones are given.
func (c call) argTypes() []string {
	list := c.types
	if list == "" {
		list = c.sig[strings.Index(c.sig, "(")+1 : len(c.sig)-1]
	}
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

func (c call) argValues() []*string {
	var a []*string
	if err := json.Unmarshal([]byte(c.args), &a); err != nil {
		panic(fmt.Sprintf("%v: %s", err, c.args))
	}
	return a
}

var displayTypes = map[string]*types.Type{}

func typeNamed(name string) *types.Type {
	if len(displayTypes) == 0 {
		for oid := uint32(1); oid < 6000; oid++ {
			if t := types.ByOID(oid); t != nil {
				displayTypes[t.Display] = t
			}
		}
	}
	return displayTypes[name]
}

// evaluate calls the row; run is false where the row is only a template of SQL or does not exist.
func evaluate(t *testing.T, c call, strict bool) (got string, run bool) {
	r := Find(c.sig)
	if r == nil {
		t.Errorf("no row %s", c.sig)
		return "", false
	}
	if r.Scalar == nil && r.Set == nil {
		return "", false
	}
	fc := testCall()
	var oid uint32
	var want string
	fmt.Sscanf(c.result, "%d %s", &oid, &want)
	fc.Result = oid
	var args []types.Value
	anyNull := false
	for i, name := range c.argTypes() {
		typ := typeNamed(name)
		if typ == nil {
			t.Errorf("%s: no type %s", c.sig, name)
			return "", false
		}
		fc.Args = append(fc.Args, typ.OID)
		a := c.argValues()
		if i >= len(a) || a[i] == nil {
			anyNull = true
			args = append(args, types.NullValue)
			continue
		}
		v, err := typ.Input(fc.Context, *a[i], -1)
		if err != nil {
			return fail(err), true
		}
		args = append(args, v)
	}
	if strict && anyNull {
		if r.Set != nil {
			return "rows", true
		}
		return "NULL", true
	}
	if r.Set != nil {
		if rt := typeNamed(declaredResult(c.sig)); rt != nil {
			fc.Result = rt.OID
		}
		if t := types.ByOID(firstOf(fc.Args)); t != nil && t.Elem != 0 && declaredResult(c.sig) == "anyelement" {
			fc.Result = t.Elem
		}
		return rowsText(fc, r, args)
	}
	v, err := r.Scalar(fc, args)
	if err != nil {
		return fail(err), true
	}
	if v.IsNull() {
		return "NULL", true
	}
	rt := types.ByOID(oid)
	if rt == nil {
		if strings.HasPrefix(c.result, "!") || c.result == "NULL" {
			return "a value: " + string(v.B), true
		}
		return fmt.Sprintf("no type %d", oid), true
	}
	return fmt.Sprintf("%d %s", oid, quote(string(rt.Output(fc.Context, nil, v)))), true
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s)
	return strings.TrimSpace(b.String())
}

func fail(err error) string {
	e := pgerr.From(err)
	s := "!" + e.Code + " " + e.Message
	if e.Detail != "" {
		s += " DETAIL " + e.Detail
	}
	return strings.ReplaceAll(s, "\n", `\n`)
}

// rowsText prints the values of all rows by a guess at their types: sets have one column here.
func rowsText(c *Call, r *Row, args []types.Value) (string, bool) {
	it, err := r.Set(c, args)
	if err != nil {
		return fail(err), true
	}
	out := "rows"
	for n := 0; n < 100; n++ {
		row, ok, err := it.Next()
		if err != nil {
			return fail(err), true
		}
		if !ok {
			break
		}
		for _, v := range row {
			if v.IsNull() {
				out += " NULL"
			} else {
				out += " " + quote(string(types.ByOID(c.Result).Output(c.Context, nil, v)))
			}
		}
	}
	return out, true
}

func readCalls(t *testing.T, file string) []call {
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []call
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		cols := strings.SplitN(sc.Text(), "\t", 4)
		for len(cols) < 4 {
			cols = append(cols, "")
		}
		if cols[0] == "" {
			continue
		}
		if cols[2] == "" {
			cols[2] = "[]"
		}
		out = append(out, call{cols[0], cols[1], cols[2], cols[3]})
	}
	return out
}

func writeCalls(t *testing.T, file string, calls []call) {
	var b strings.Builder
	for _, c := range calls {
		b.WriteString(strings.Join([]string{c.sig, c.types, c.args, c.result}, "\t") + "\n")
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// askAll records PostgreSQL's answers.
func askAll(t *testing.T, calls []call) {
	ctx := context.Background()
	conn, err := pgconn.Connect(ctx, os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, testSettings).ReadAll(); err != nil {
		t.Fatal(err)
	}
	known := procs(t)
	for i := range calls {
		c := &calls[i]
		name := c.sig[:strings.Index(c.sig, "(")]
		var params []string
		values := make([][]byte, 0)
		a := c.argValues()
		for j, typ := range c.argTypes() {
			params = append(params, fmt.Sprintf("$%d::%s", j+1, typ))
			if j < len(a) && a[j] != nil {
				values = append(values, []byte(*a[j]))
			} else {
				values = append(values, nil)
			}
		}
		sql := "select pg_catalog." + name + "(" + strings.Join(params, ",") + ")"
		r := conn.ExecParams(ctx, sql, values, nil, nil, nil).Read()
		var pe *pgconn.PgError
		switch {
		case errors.As(r.Err, &pe):
			c.result = "!" + pe.Code + " " + pe.Message
			if pe.Detail != "" {
				c.result += " DETAIL " + pe.Detail
			}
			c.result = strings.ReplaceAll(c.result, "\n", `\n`)
		case r.Err != nil:
			t.Fatal(sql, r.Err)
		case known[c.sig].set:
			c.result = "rows"
			for _, row := range r.Rows {
				if row[0] == nil {
					c.result += " NULL"
				} else {
					c.result += " " + quote(string(row[0]))
				}
			}
		case r.Rows[0][0] == nil:
			c.result = "NULL"
		default:
			c.result = fmt.Sprintf("%d %s", r.FieldDescriptions[0].DataTypeOID, quote(string(r.Rows[0][0])))
		}
	}
}

// Ensure that no function is in two tables.
func TestSignaturesOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, chapter := range chapters {
		for _, r := range chapter() {
			if seen[r.Sig] {
				t.Errorf("%s is there twice", r.Sig)
			}
			seen[r.Sig] = true
		}
	}
}
