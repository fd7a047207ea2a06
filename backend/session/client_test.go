package session

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgxConn connects with the whole of a client's library.
func (s *site) pgxConn(options string) *pgx.Conn {
	s.t.Helper()
	c, err := pgx.ParseConfig("host=" + filepath.Dir(s.socket) + " port=5432 user=postgres database=postgres sslmode=disable " + options)
	if err != nil {
		s.t.Fatal(err)
	}
	c.DialFunc = func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", s.socket) }
	conn, err := pgx.ConnectConfig(context.Background(), c)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// Ensure that typed parameters and results go through a client's library in every way it sends queries.
func TestTypedValues(t *testing.T) {
	ctx := context.Background()
	s := newSite(t)
	at := time.Date(2024, 2, 29, 12, 34, 56, 789000000, time.UTC)
	values := []struct {
		sql string
		v   any
	}{
		{"bool", true}, {"int2", int16(-7)}, {"int4", int32(1 << 30)}, {"int8", int64(-1 << 62)}, {"float4", float32(1.5)}, {"float8", 0.1},
		{"text", "é'\\"}, {"varchar(5)", "abc"}, {"bytea", []byte{0, 1, 255}}, {"timestamptz", at}, {"timestamp", at},
		{"date", at.Truncate(24 * time.Hour)}, {"uuid", [16]byte{1, 2, 3}}, {"int4[]", []int32{1, 2, 3}}, {"text[]", []string{"a", "b,c", ""}},
	}
	for _, mode := range []string{"cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"} {
		c := s.pgxConn("default_query_exec_mode=" + mode)
		for _, v := range values {
			got := reflect.New(reflect.TypeOf(v.v))
			sql := fmt.Sprintf("select $1::%s", v.sql)
			if v.sql == "uuid" && (mode == "exec" || mode == "simple_protocol") {
				continue // the library cannot write one without knowing the type
			}
			if err := c.QueryRow(ctx, sql, v.v).Scan(got.Interface()); err != nil {
				t.Errorf("%s: %s: %v", mode, v.sql, err)
				continue
			}
			g := got.Elem().Interface()
			if gt, ok := g.(time.Time); ok {
				if !gt.Equal(v.v.(time.Time)) {
					t.Errorf("%s: %s: got %v", mode, v.sql, g)
				}
			} else if !reflect.DeepEqual(g, v.v) {
				t.Errorf("%s: %s: got %v", mode, v.sql, g)
			}
			var null *string
			if err := c.QueryRow(ctx, sql+"::text", nil).Scan(&null); err != nil || null != nil {
				t.Errorf("%s: %s: null gives %v, %v", mode, v.sql, null, err)
			}
		}
	}
}

// Ensure that batches, transactions and COPY of a client's library work.
func TestClientLibrary(t *testing.T) {
	ctx := context.Background()
	c := newSite(t).pgxConn("")
	if _, err := c.Exec(ctx, "create table t (a int primary key, b text, c float8)"); err != nil {
		t.Fatal(err)
	}
	rows := make([][]any, 1000)
	for i := range rows {
		rows[i] = []any{int32(i), fmt.Sprint("row ", i), float64(i) / 2}
	}
	if n, err := c.CopyFrom(ctx, pgx.Identifier{"t"}, []string{"a", "b", "c"}, pgx.CopyFromRows(rows)); n != 1000 || err != nil {
		t.Fatal(n, err)
	}
	b := &pgx.Batch{}
	for i := range 10 {
		b.Queue("update t set c = c + $1 where a = $2", 1.0, i)
	}
	b.Queue("select sum(c) from t where a < $1", 10)
	r := c.SendBatch(ctx, b)
	for range 10 {
		if tag, err := r.Exec(); err != nil || tag.RowsAffected() != 1 {
			t.Fatal(tag, err)
		}
	}
	var sum float64
	if err := r.QueryRow().Scan(&sum); err != nil || sum != 32.5 {
		t.Error(sum, err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	tx, err := c.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.Serializable})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(ctx, "insert into t values ($1, $2)", 5, "again"); err == nil {
		t.Error("duplicate taken")
	} else if pe := (*pgconn.PgError)(nil); !asPgError(err, &pe) || pe.Code != "23505" || pe.Detail != "Key (a)=(5) already exists." {
		t.Error(err)
	}
	if _, err := tx.Exec(ctx, "select 1"); err == nil {
		t.Error("failed transaction goes on")
	}
	if err := tx.Rollback(ctx); err != nil {
		t.Error(err)
	}
	// An error in a batch undoes all of it.
	b = &pgx.Batch{}
	b.Queue("delete from t")
	b.Queue("insert into t values (1), (1)")
	if err := c.SendBatch(ctx, b).Close(); err == nil {
		t.Error("no error")
	}
	n := 0
	if err := c.QueryRow(ctx, "select count(*) from t").Scan(&n); err != nil || n != 1000 {
		t.Error(n, err)
	}
}

// Ensure that a cursor that is read while others write sees what it saw when it was opened, and that a portal's rows may be many.
func TestSuspendedPortals(t *testing.T) {
	s := newSite(t)
	a, b := s.connect(), s.connect()
	run(a, "create table t (a int, b text); insert into t select n, repeat('x', 1000) from (with recursive r(n) as (values (1) union all select n + 1 from r where n < 20000) select n from r) x")
	if got := run(a, "set work_mem = '64kB'; begin; declare c cursor for select a from t order by a; fetch 2 from c"); got != "[SET]\n[BEGIN]\n[DECLARE CURSOR]\n1\n2\n[FETCH 2]" {
		t.Fatal(got)
	}
	if got := run(b, "insert into t values (0, 'new')"); got != "[INSERT 0 1]" {
		t.Fatal(got)
	}
	if got := run(a, "update t set b = '' where a = 0; select count(*) from t; fetch 1 from c; move 19000 in c; fetch 1 from c; commit"); got != "[UPDATE 1]\n20001\n[SELECT 1]\n3\n[FETCH 1]\n[MOVE 19000]\n19004\n[FETCH 1]\n[COMMIT]" {
		t.Error(got)
	}
}
