package storage

import (
	"errors"
	"testing"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

type sum struct{ n int64 }

func (s *sum) Step(a []types.Value) error  { s.n += a[0].I; return nil }
func (s *sum) Value() (types.Value, error) { return types.IntValue(s.n), nil }

type sliding struct{ sum }

func (s *sliding) Inverse(a []types.Value) error { s.n -= a[0].I; return nil }

type series struct {
	next, last int64
	row        [1]types.Value
}

func (s *series) Next() ([]types.Value, bool, error) {
	if s.next > s.last {
		return nil, false, nil
	}
	s.row[0] = types.IntValue(s.next)
	s.next++
	return s.row[:], true, nil
}

func (s *series) Close() {}

var errBoom = pgerr.New(pgerr.DivisionByZero, "division by zero")

func testFunctions(name string, _ int) (*Function, bool) {
	switch name {
	case "boom_1":
		return &Function{Scalar: func(a []types.Value) (types.Value, error) { return types.NullValue, errBoom }}, true
	case "upper_2":
		return &Function{Deterministic: true, Scalar: func(a []types.Value) (types.Value, error) {
			return types.TextValue(append([]byte("up:"), a[0].B...)), nil
		}}, true
	case "fail_notnull":
		return &Function{Scalar: func(a []types.Value) (types.Value, error) {
			return types.NullValue, pgerr.New(pgerr.NotNullViolation, "null value in column %q", a[0].B)
		}}, true
	case "panic_1":
		return &Function{Scalar: func(a []types.Value) (types.Value, error) { panic("oops") }}, true
	case "sum_3":
		return &Function{Aggregate: func() Aggregate { return &sum{} }}, true
	case "sum_3w":
		return &Function{Window: true, Aggregate: func() Aggregate { return &sum{} }}, true
	case "sum_4":
		return &Function{Aggregate: func() Aggregate { return &sliding{} }}, true
	case "series_5":
		return &Function{Set: func(a []types.Value) (Rows, error) {
			if a[0].IsNull() || a[1].IsNull() {
				return &series{next: 1}, nil
			}
			if a[1].I > 1000 {
				return nil, errBoom
			}
			return &series{next: a[0].I, last: a[1].I}, nil
		}, NArgs: 2, Columns: []string{"c1"}}, true
	case "nothing_6":
		return &Function{Set: func(a []types.Value) (Rows, error) { return &series{next: 7, last: 8}, nil }, Columns: []string{"c1"}}, true
	}
	return nil, false
}

// Ensure that functions, aggregates and windows are found on demand and that a statement may use several of them.
func TestFunctionsOnDemand(t *testing.T) {
	d := newDB(t, testFunctions)
	for _, c := range []struct{ sql, want string }{
		{`SELECT upper_2('a'), "upper_2"('b')`, "up:a|up:b;"},
		{`SELECT sum_3(column1) FROM (VALUES (1),(2),(3))`, "6;"},
		{`SELECT sum_3(column1) FROM (VALUES (1)) WHERE 0`, "0;"},
		{`SELECT sum_3(column1) OVER (ORDER BY column1) FROM (VALUES (1),(2),(3))`, "1;3;6;"},
		{`SELECT sum_4(column1) OVER (ORDER BY column1 ROWS 1 PRECEDING) FROM (VALUES (1),(2),(3))`, "1;3;5;"},
		{`SELECT sum_3w(column1) OVER (ORDER BY column1 ROWS 1 PRECEDING) FROM (VALUES (1),(2),(3))`, "1;3;5;"},
		{`SELECT sum_3w(column1) OVER (ORDER BY column1 ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM (VALUES (1),(2),(3),(4))`, "0;1;3;5;"},
	} {
		if got := rows(t, d, c.sql); got != c.want {
			t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
		}
	}
}

// Ensure that set-returning functions take constants, NULLs and columns of tables further left, and number their rows.
func TestSetReturningFunctions(t *testing.T) {
	d := newDB(t, testFunctions)
	write(t, d, `CREATE TABLE t(a INTEGER, b INTEGER); INSERT INTO t VALUES (1,2),(5,6)`)
	for _, c := range []struct{ sql, want string }{
		{`SELECT * FROM series_5(1,3)`, "1;2;3;"},
		{`SELECT c1, ordinality FROM nothing_6()`, "7|1;8|2;"},
		{`SELECT c1, ordinality FROM nothing_6`, "7|1;8|2;"},
		{`SELECT count(*) FROM series_5(NULL,3)`, "0;"},
		{`SELECT t.a, s.c1 FROM t, series_5(t.a, t.b) s`, "1|1;1|2;5|5;5|6;"},
		{`SELECT t.a, s.c1 FROM t LEFT JOIN series_5(t.a, t.b) s ON s.c1 > 5`, "1|NULL;5|6;"},
		{`SELECT s.c1, r.c1 FROM series_5(1,2) s, series_5(s.c1, 2) r`, "1|1;1|2;2|2;"},
		{`SELECT (SELECT max(c1) FROM series_5(t.a, t.b)) FROM t`, "2;6;"},
		{`SELECT x.c1 FROM series_5(?1, ?2) x CROSS JOIN nothing_6() WHERE x.c1 = ?1`, "2;2;"},
	} {
		var args []types.Value
		if c.sql[len(c.sql)-1] == '1' {
			args = []types.Value{types.IntValue(2), types.IntValue(3)}
		}
		if got := rows(t, d, c.sql, args...); got != c.want {
			t.Errorf("%s: got %s, want %s", c.sql, got, c.want)
		}
	}
	_, err := query(d, `SELECT * FROM series_5(1, 5000)`)
	if !errors.Is(err, errBoom) {
		t.Errorf("got %v", err)
	}
}

// Ensure that the error of a function comes back unchanged, from wherever in a statement it was called.
func TestFunctionErrorsComeBackUnchanged(t *testing.T) {
	d := newDB(t, testFunctions)
	write(t, d, `CREATE TABLE t(a INTEGER, CHECK (a IS NOT NULL OR fail_notnull('a', a)))`)
	for _, sql := range []string{
		`SELECT boom_1(1)`, `SELECT 1 WHERE boom_1(1)`, `SELECT count(boom_1(column1)) FROM (VALUES (1))`,
		`SELECT * FROM series_5(boom_1(1), 2)`, `INSERT INTO t VALUES (boom_1(3))`,
	} {
		if _, err := query(d, sql); err != errBoom {
			t.Errorf("%s: got %v", sql, err)
		}
	}
	_, err := query(d, `INSERT INTO t VALUES (NULL)`)
	wantCode(t, err, pgerr.NotNullViolation)
	_, err = query(d, `SELECT panic_1()`)
	wantCode(t, err, pgerr.InternalError)
	if got := rows(t, d, `SELECT 1`); got != "1;" {
		t.Error(got)
	}
	_, err = query(d, `SELECT nosuch_9(1)`)
	wantCode(t, err, pgerr.InternalError)
}

// Ensure that a schema whose constraints and indexes call functions works in a connection that has not yet met them.
func TestFunctionsOfTheSchemaAreFoundLater(t *testing.T) {
	d := newDB(t, testFunctions)
	write(t, d, `CREATE TABLE t(a TEXT, CHECK (a IS NOT NULL OR fail_notnull('a', a)))`,
		`CREATE INDEX i ON t(upper_2(a))`)
	e := openDB(t, d.cfg.Dir, testFunctions)
	write(t, e, `INSERT INTO t VALUES ('x')`)
	if got := rows(t, e, `SELECT a FROM t WHERE upper_2(a) = 'up:x'`); got != "x;" {
		t.Error(got)
	}
	if got := rows(t, e, `EXPLAIN QUERY PLAN SELECT a FROM t WHERE upper_2(a) = 'up:x'`); !contains(got, "USING INDEX i") {
		t.Error(got)
	}
}

// Ensure that constraint violations name what was violated, physical names with dots and commas included.
func TestConstraintErrors(t *testing.T) {
	d := newDB(t, testFunctions)
	write(t, d, `CREATE TABLE "s.t"(id INTEGER PRIMARY KEY, a TEXT, "b, c" TEXT, "x^.y" TEXT)`,
		`CREATE UNIQUE INDEX u ON "s.t"(a, "b, c", "x^.y")`, `CREATE TABLE w(a TEXT); INSERT INTO w VALUES ('a')`, `CREATE UNIQUE INDEX e ON w(upper_2(a))`,
		`INSERT INTO "s.t" VALUES (1, 'a', 'b', 'c')`)
	for _, c := range []struct {
		sql  string
		want ConstraintError
	}{
		{`INSERT INTO "s.t" VALUES (1, 'b', '', '')`, ConstraintError{Kind: "primary", Table: "s.t", Columns: []string{"id"}}},
		{`INSERT INTO "s.t" VALUES (2, 'a', 'b', 'c')`, ConstraintError{Kind: "unique", Table: "s.t", Columns: []string{"a", "b, c", "x^.y"}}},
		{`INSERT INTO w VALUES ('a')`, ConstraintError{Kind: "unique", Index: "e"}},
	} {
		_, err := query(d, c.sql)
		var e *ConstraintError
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", c.sql, err)
			continue
		}
		e.Cause = nil
		if e.Kind != c.want.Kind || e.Table != c.want.Table || e.Index != c.want.Index || len(e.Columns) != len(c.want.Columns) {
			t.Errorf("%s: got %+v", c.sql, *e)
		}
		for i := range e.Columns {
			if e.Columns[i] != c.want.Columns[i] {
				t.Errorf("%s: column %q", c.sql, e.Columns[i])
			}
		}
	}
}

// Ensure that a function may query the database while the statement that called it runs, the same statement text included.
func TestFunctionsMayQuery(t *testing.T) {
	var d *DB
	d = newDB(t, func(name string, n int) (*Function, bool) {
		if name != "count_1" {
			return testFunctions(name, n)
		}
		return &Function{Scalar: func(a []types.Value) (v types.Value, err error) {
			if a[0].I == 0 {
				return types.IntValue(0), nil
			}
			err = d.Query(`SELECT count_1(?1 - 1) + boom_or(?1)`, a, func(row []types.Value) error {
				v = types.IntValue(row[0].I + a[0].I)
				return nil
			})
			return v, err
		}}, true
	})
	calls := 0
	d.cfg.Resolve = func(resolve func(string, int) (*Function, bool)) func(string, int) (*Function, bool) {
		return func(name string, n int) (*Function, bool) {
			if name == "boom_or" {
				return &Function{Scalar: func(a []types.Value) (types.Value, error) {
					if calls++; calls > 20 {
						return types.NullValue, errBoom
					}
					return types.IntValue(0), nil
				}}, true
			}
			return resolve(name, n)
		}
	}(d.cfg.Resolve)
	for range 3 {
		if got := rows(t, d, `SELECT count_1(4), count_1(1)`); got != "10|1;" {
			t.Error(got)
		}
	}
	if _, err := query(d, `SELECT count_1(9)`); err != errBoom {
		t.Error(err)
	}
	if len(d.args) != 0 || d.callbacks != 0 || d.intr.depth != 0 {
		t.Error(len(d.args), d.callbacks, d.intr.depth)
	}
}
