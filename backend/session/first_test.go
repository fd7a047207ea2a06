package session

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// run sends a query string and gives rows as text, "|" between columns, tags in brackets and an error as its SQLSTATE and message.
func run(c *pgconn.PgConn, sql string) string {
	var b strings.Builder
	r := c.Exec(context.Background(), sql)
	for r.NextResult() {
		rr := r.ResultReader()
		for rr.NextRow() {
			for i, v := range rr.Values() {
				if i > 0 {
					b.WriteByte('|')
				}
				if v == nil {
					b.WriteString("NULL")
				}
				b.Write(v)
			}
			b.WriteByte('\n')
		}
		tag, err := rr.Close()
		if err != nil {
			break
		}
		b.WriteString("[" + tag.String() + "]\n")
	}
	if err := r.Close(); err != nil {
		b.WriteString(errText(err))
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func errText(err error) string {
	if pe, ok := err.(*pgconn.PgError); ok {
		s := "ERROR " + pe.Code + " " + pe.Message
		if pe.Detail != "" {
			s += " / " + pe.Detail
		}
		if pe.Where != "" {
			s += " @ " + pe.Where
		}
		return s
	}
	return err.Error()
}

// Ensure that a session does the first things a client asks of it.
func TestFirstSession(t *testing.T) {
	c := newSite(t).connect()
	for _, q := range []struct{ sql, want string }{
		{"select 1", "1\n[SELECT 1]"},
		{"", "[]"},
		{"select 1 as a, 'x' as b; select 2", "1|x\n[SELECT 1]\n2\n[SELECT 1]"},
		{"create table t (a int primary key, b text not null, c numeric(10,2))", "[CREATE TABLE]"},
		{"insert into t values (1, 'one', 1.5), (2, 'two', null)", "[INSERT 0 2]"},
		{"select * from t order by a", "1|one|1.50\n2|two|NULL\n[SELECT 2]"},
		{"insert into t values (1, 'again', 0)", "ERROR 23505 duplicate key value violates unique constraint \"t_pkey\" / Key (a)=(1) already exists."},
		{"insert into t values (3, null)", "ERROR 23502 null value in column \"b\" of relation \"t\" violates not-null constraint / Failing row contains (3, null, null)."},
		{"update t set b = b || '!' where a = 2 returning a, b", "2|two!\n[UPDATE 1]"},
		{"delete from t where a = 1", "[DELETE 1]"},
		{"select nosuch from t", "ERROR 42703 column \"nosuch\" does not exist"},
		{"show search_path", "\"$user\", public\n[SHOW]"},
		{"begin; insert into t values (5,'five'); rollback; select count(*) from t", "[BEGIN]\n[INSERT 0 1]\n[ROLLBACK]\n1\n[SELECT 1]"},
		{"drop table t", "[DROP TABLE]"},
	} {
		if got := run(c, q.sql); got != q.want {
			t.Errorf("%s\n got %q\nwant %q", q.sql, got, q.want)
		}
	}
}
