// Command compare runs files of SQL on pgd and on a PostgreSQL server, statement by statement, and tells where the answers differ: rows, names and
// types of columns, command tags, errors. It is how conformance is measured, with PostgreSQL's own regression suite for example:
//
//	go run ./scripts/compare -pgd postgres://… -oracle postgres://… [-show wrong,fail] [-n 20] FILE…
//
// Each file gets a session of its own on both sides; psql's backslash commands are skipped, as is what follows COPY … FROM STDIN.
// Verdicts: same · unsupported (pgd says 0A000 where PostgreSQL answers) · fail (another error where PostgreSQL answers) · error (both fail,
// differently) · accepts (pgd answers where PostgreSQL fails) · wrong (both answer, differently) · plan (both explain, differently) · lost (the connection broke).
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"pgd/cmd/pgd/client"
)

var verdicts = []string{"same", "plan", "unsupported", "fail", "error", "accepts", "wrong", "lost"}

func main() {
	pgd := flag.String("pgd", "", "connection string of pgd")
	oracle := flag.String("oracle", "", "connection string of PostgreSQL")
	show := flag.String("show", "", "verdicts to print in full, comma-separated")
	most := flag.Int("n", 20, "how many to print of each file")
	limit := flag.Duration("timeout", 10*time.Second, "time limit of one statement")
	flag.Parse()
	total := map[string]int{}
	for _, f := range flag.Args() {
		counts := compareFile(f, *pgd, *oracle, *show, *most, *limit)
		report(filepath.Base(f), counts)
		for v, n := range counts {
			total[v] += n
		}
	}
	if flag.NArg() > 1 {
		report("all", total)
	}
}

func report(name string, counts map[string]int) {
	sum := 0
	for _, n := range counts {
		sum += n
	}
	fmt.Printf("%-28s %5d statements, same %5.1f %%", name, sum, 100*float64(counts["same"])/float64(max(sum, 1)))
	for _, v := range verdicts[1:] {
		fmt.Printf("  %s %d", v, counts[v])
	}
	fmt.Println()
}

// answer is what one server says to one statement.
type answer struct {
	text string // all results, printed alike
	err  *pgconn.PgError
	lost bool
}

func compareFile(path, pgd, oracle, show string, most int, limit time.Duration) map[string]int {
	statements, err := split(path)
	if err != nil {
		log.Fatal(err)
	}
	counts := map[string]int{}
	a, b := connect(pgd), connect(oracle)
	for _, sql := range statements {
		x, y := ask(a, sql, limit), ask(b, sql, limit)
		v := verdict(x, y)
		if v == "wrong" && explains.MatchString(sql) {
			v = "plan"
		}
		counts[v]++
		if strings.Contains(","+show+",", ","+v+",") && counts[v] <= most {
			fmt.Printf("---- %s: %s\n%s\n-- pgd\n%s-- PostgreSQL\n%s", filepath.Base(path), v, sql, x, y)
		}
		if x.lost {
			a = connect(pgd)
		}
		if y.lost {
			b = connect(oracle)
		}
	}
	a.Close(context.Background())
	b.Close(context.Background())
	return counts
}

func verdict(x, y answer) string {
	switch {
	case x.lost != y.lost:
		return "lost"
	case x.err == nil && y.err == nil && x.text == y.text:
		return "same"
	case x.err == nil && y.err == nil:
		return "wrong"
	case x.err == nil:
		return "accepts"
	case y.err == nil && x.err.Code == "0A000":
		return "unsupported"
	case y.err == nil:
		return "fail"
	case x.err.Code == y.err.Code && x.err.Message == y.err.Message && x.err.Position == y.err.Position && x.err.Detail == y.err.Detail && x.err.Hint == y.err.Hint:
		return "same"
	case x.err.Code == "0A000":
		return "unsupported"
	}
	return "error"
}

// String prints an answer.
func (a answer) String() string {
	if a.lost {
		return "connection lost\n"
	}
	if a.err != nil {
		s := fmt.Sprintf("%s %s", a.err.Code, a.err.Message)
		if a.err.Position != 0 {
			s += fmt.Sprintf(" at %d", a.err.Position)
		}
		for _, more := range []string{a.err.Detail, a.err.Hint} {
			if more != "" {
				s += " | " + more
			}
		}
		return s + "\n"
	}
	if len(a.text) > 1500 {
		return a.text[:1500] + "…\n"
	}
	return a.text
}

var explains = regexp.MustCompile(`(?is)^(\s|--[^\n]*\n)*explain\b`)

// split reads a file's statements.
func split(path string) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var s client.Splitter
	var out []string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<26)
	copying := false
	for in.Scan() {
		line := in.Text()
		if copying {
			copying = line != `\.`
			continue
		}
		for _, p := range s.Line(line) {
			if p.Command != "" || p.SQL == "" || strings.Contains(p.SQL, " :") {
				continue
			}
			if l := strings.ToLower(p.SQL); strings.HasPrefix(l, "copy") && strings.Contains(l, "stdin") {
				copying = true
				continue
			}
			out = append(out, p.SQL)
		}
	}
	return out, in.Err()
}

func connect(url string) *pgconn.PgConn {
	for try := 0; ; try++ {
		c, err := pgconn.Connect(context.Background(), url)
		if err == nil {
			return c
		}
		if try > 20 {
			log.Fatal(err)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// ask runs one statement in one message and prints all of its results.
func ask(c *pgconn.PgConn, sql string, limit time.Duration) answer {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var b strings.Builder
	res := c.Exec(ctx, sql)
	for res.NextResult() {
		r := res.ResultReader()
		var rows []string
		for _, f := range r.FieldDescriptions() {
			oid := f.DataTypeOID
			if oid >= 16384 {
				oid = 0 // numbered by each server for itself
			}
			fmt.Fprintf(&b, "%s:%d:%d ", f.Name, oid, f.TypeModifier)
		}
		for r.NextRow() {
			var row strings.Builder
			for _, v := range r.Values() {
				if v == nil {
					row.WriteString("NULL|")
				} else {
					row.Write(v)
					row.WriteByte('|')
				}
			}
			rows = append(rows, row.String())
		}
		tag, err := r.Close()
		if err != nil {
			break
		}
		if !strings.Contains(strings.ToLower(sql), "order by") {
			sort.Strings(rows)
		}
		b.WriteString("\n")
		for _, row := range rows {
			b.WriteString(row + "\n")
		}
		b.WriteString(tag.String() + "\n")
	}
	err := res.Close()
	if err == nil {
		return answer{text: b.String()}
	}
	if pe, ok := err.(*pgconn.PgError); ok && !c.IsClosed() {
		return answer{err: pe}
	}
	return answer{lost: true}
}
