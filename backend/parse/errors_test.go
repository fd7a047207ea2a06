package parse

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/backend/pgerr"
)

var update = flag.Bool("update", false, "ask the PostgreSQL server PGD_ORACLE (a connection string) and record its answers")

func describe(code, msg, detail, hint string, pos int32) string {
	return strings.Join([]string{code, strconv.Quote(msg), strconv.Itoa(int(pos)), strconv.Quote(detail), strconv.Quote(hint)}, "\t")
}

// Ensure that statements PostgreSQL's grammar refuses are refused with its SQLSTATE, message, position and hint. A statement that the newer
// grammar takes is listed in the file with no answer.
func TestSyntaxErrorsAsPostgreSQL(t *testing.T) {
	if *update {
		recordErrors(t)
	}
	f, err := os.Open("testdata/errors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		sql, want, _ := strings.Cut(sc.Text(), "\t")
		_, err := Parse(sql)
		got := ""
		if err != nil {
			e := pgerr.From(err)
			got = describe(e.Code, e.Message, e.Detail, e.Hint, e.Position)
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", sql, got, want)
		}
	}
}

// recordErrors keeps the answers of the scanner and the grammar: PREPARE of a statement that passes those fails otherwise or not at all.
func recordErrors(t *testing.T) {
	conn, err := pgconn.Connect(context.Background(), os.Getenv("PGD_ORACLE"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	b, err := os.ReadFile("testdata/errors.sql")
	if err != nil {
		t.Fatal(err)
	}
	var w strings.Builder
	for _, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		_, err := conn.Prepare(context.Background(), "", line, nil)
		var pe *pgconn.PgError
		if !errors.As(err, &pe) {
			t.Logf("no error: %s", line)
			continue
		}
		if pe.File != "scan.l" && pe.File != "gram.y" && pe.File != "parser.c" && pe.File != "scansup.c" {
			t.Logf("not of the grammar: %s: %s", line, pe.Message)
			continue
		}
		w.WriteString(line + "\t" + describe(pe.Code, pe.Message, pe.Detail, pe.Hint, pe.Position) + "\n")
	}
	if err := os.WriteFile("testdata/errors.tsv", []byte(w.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
