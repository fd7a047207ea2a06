package sqltest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/pgerr"
)

// Answers are recorded with: PGD_ORACLE="host=/tmp/x port=5432 user=postgres dbname=scratch" go test ./backend/sqltest -update
// The schema public of that database is dropped.
var (
	update  = flag.Bool("update", false, "record the answers of the PostgreSQL named by PGD_ORACLE")
	showSQL = flag.Bool("sql", false, "print what is compiled")
)

// Ensure that every statement of testdata is answered as PostgreSQL 15 answers it: names, types and values of rows (sorted where the
// statement does not order them), the command tag, or the error's SQLSTATE, message, detail, hint and position.
func TestStatements(t *testing.T) {
	files, err := filepath.Glob("testdata/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	known = differences(t)
	unseen = maps.Clone(known)
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".sql"), func(t *testing.T) { runFile(t, f) })
	}
	if *update || len(files) == 0 || flag.Lookup("test.run").Value.String() != "" {
		return
	}
	for s := range unseen {
		t.Errorf("testdata/differences lists a statement that no file has: %s", s)
	}
}

// known are the statements that PostgreSQL answers differently, each with the reason; unseen those no file has.
var known, unseen map[string]string

// differences reads testdata/differences: a reason after "# ", then the statements it is for, each ended by a semicolon.
func differences(t *testing.T) map[string]string {
	text, err := os.ReadFile("testdata/differences")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	reason := ""
	for _, block := range strings.Split(string(text), "\n# ") {
		first, rest, _ := strings.Cut(block, "\n")
		reason = strings.TrimPrefix(first, "# ")
		for _, s := range split(rest) {
			out[s] = reason
		}
	}
	return out
}

func runFile(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	statements := split(string(text))
	golden := strings.TrimSuffix(file, ".sql") + ".out"
	if *update {
		record(t, statements, golden)
		return
	}
	wanted, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSuffix(string(wanted), "\n\n"), "\n\n")
	if len(want) != len(statements) {
		t.Fatalf("%d statements, %d answers: record again", len(statements), len(want))
	}
	e := newEngine(t)
	good, bad := 0, 0
	for i, s := range statements {
		if *showSQL {
			e.showSQL = func(sql string) { t.Log(sql) }
		}
		got := print(s, e.run(s))
		reason, differs := known[s]
		delete(unseen, s)
		switch {
		case got == want[i] && differs:
			t.Errorf("statement %d is listed as different (%s) and is not:\n%s", i+1, reason, got)
			continue
		case got == want[i] || differs:
			good++
			continue
		}
		bad++
		t.Errorf("statement %d\n--- want\n%s\n--- got\n%s", i+1, want[i], got)
	}
	t.Logf("%d right, %d wrong", good, bad)
}

// split takes a file apart at semicolons that end a line. Lines that begin with -- are comments.
func split(text string) []string {
	var out []string
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "--") || strings.TrimSpace(line) == "" && b.Len() == 0 {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(strings.TrimRight(line, " "))
		if s := b.String(); strings.HasSuffix(s, ";") {
			out = append(out, strings.TrimSuffix(s, ";"))
			b.Reset()
		}
	}
	return out
}

var userOID = regexp.MustCompile(`:(1[6-9]\d{3}|[2-9]\d{4,}|\d{6,}):`)

// print is the recorded form of an answer.
func print(sql string, a answer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s\n", strings.ReplaceAll(sql, "\n", "\n> "))
	if e := a.err; e != nil {
		fmt.Fprintf(&b, "ERROR %s: %s\n", e.Code, e.Message)
		if e.Position != 0 {
			fmt.Fprintf(&b, "POSITION: %d\n", e.Position)
		}
		if e.Detail != "" {
			fmt.Fprintf(&b, "DETAIL: %s\n", e.Detail)
		}
		if e.Hint != "" {
			fmt.Fprintf(&b, "HINT: %s\n", e.Hint)
		}
		if e.Constraint != "" || e.Column != "" || e.Table != "" {
			fmt.Fprintf(&b, "AT: %s.%s %s %s\n", e.Schema, e.Table, e.Column, e.Constraint)
		}
		return strings.TrimSuffix(b.String(), "\n")
	}
	if a.columns != nil {
		// The OIDs of what a user made differ from server to server.
		fmt.Fprintf(&b, "(%s)\n", userOID.ReplaceAllString(strings.Join(a.columns, " "), ":user:"))
	}
	rows := append([]string{}, a.rows...)
	if !strings.Contains(strings.ToLower(sql), "order by") {
		sort.Strings(rows)
	}
	for _, r := range rows {
		b.WriteString(strings.ReplaceAll(r, "\n", "\\n"))
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "%s", a.tag)
	return b.String()
}

// record asks PostgreSQL.
func record(t *testing.T, statements []string, golden string) {
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	for _, s := range []string{"SET client_min_messages = error", "DROP SCHEMA IF EXISTS public CASCADE", "DROP SCHEMA IF EXISTS s CASCADE", "CREATE SCHEMA public", "SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, MDY'"} {
		if _, err := c.Exec(ctx, s).ReadAll(); err != nil {
			t.Fatal(err)
		}
	}
	var b strings.Builder
	for _, s := range statements {
		b.WriteString(print(s, ask(ctx, c, s)))
		b.WriteString("\n\n")
	}
	if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ask(ctx context.Context, c *pgconn.PgConn, sql string) (a answer) {
	m := c.Exec(ctx, sql)
	for m.NextResult() {
		r := m.ResultReader()
		a = answer{}
		for _, f := range r.FieldDescriptions() {
			a.columns = append(a.columns, fmt.Sprintf("%s:%d:%d", f.Name, f.DataTypeOID, f.TypeModifier))
		}
		for r.NextRow() {
			var cells []string
			for _, v := range r.Values() {
				if v == nil {
					cells = append(cells, "NULL")
				} else {
					cells = append(cells, string(v))
				}
			}
			a.rows = append(a.rows, strings.Join(cells, "|"))
		}
		tag, _ := r.Close()
		a.tag = tag.String()
	}
	err := m.Close()
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return answer{err: &pgerr.Error{Code: pe.Code, Message: pe.Message, Detail: pe.Detail, Hint: pe.Hint, Position: pe.Position,
			Schema: pe.SchemaName, Table: pe.TableName, Column: pe.ColumnName, Constraint: pe.ConstraintName}}
	}
	if err != nil {
		return answer{err: pgerr.New(pgerr.InternalError, "%v", err)}
	}
	return a
}
