package settings

import (
	"flag"
	"os"
	"os/exec"
	"sort"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "ask the PostgreSQL server that PGD_ORACLE names (a conninfo string) and rewrite testdata")

// asked are the assignments whose outcome is compared with PostgreSQL's.
var asked = []string{
	"work_mem=abc", "work_mem=1XB", "work_mem=1", "work_mem=99999999999999", "work_mem=1536kB", "work_mem=0.5GB", "work_mem=0x10MB",
	"work_mem=-5", "work_mem=1e3", "work_mem=1e3MB", "work_mem=", "work_mem= 64 MB ", "work_mem=64 M B", "work_mem=0777", "work_mem=0888", "work_mem=2TB",
	"work_mem=30.1GB", "work_mem=1e", "work_mem=1e400", "work_mem=65537B", "work_mem=70000.5B", "work_mem=+128", "work_mem=--1", "work_mem=.5MB", "work_mem=.",
	"statement_timeout=1.5s", "statement_timeout=90min", "statement_timeout=1500", "statement_timeout=  5  min  ", "statement_timeout=1.4999",
	"statement_timeout=2d", "statement_timeout=1d2h", "statement_timeout=2500us", "statement_timeout=1500us", "statement_timeout=25d", "statement_timeout=1H", "statement_timeout=3min 4",
	"enable_seqscan=o", "enable_seqscan=y", "enable_seqscan=OF", "enable_seqscan=tru", "enable_seqscan=truest", "enable_seqscan=1", "enable_seqscan=10", "enable_seqscan=",
	"intervalstyle=abc", "IntervalStyle=ISO_8601", "client_min_messages=foo", "client_min_messages=debug", "client_min_messages=WARNING",
	"synchronous_commit=1", "synchronous_commit=no", "synchronous_commit=remote_apply", "bytea_output=HEX", "default_transaction_isolation=repeatable read",
	"seq_page_cost=-1", "seq_page_cost=abc", "seq_page_cost=1e-5", "seq_page_cost=123456.789", "seq_page_cost=1234567.89", "seq_page_cost=1s", "cursor_tuple_fraction=2",
	"geqo_selection_bias=99", "vacuum_cost_delay=1us", "vacuum_cost_delay=0.5ms", "vacuum_cost_delay=99s", "vacuum_cost_delay=3", "effective_cache_size=100TB",
	"effective_cache_size=800kB", "effective_cache_size=12345", "effective_cache_size=4kB", "temp_buffers=100", "temp_buffers=1", "temp_buffers=5MB",
	"log_min_duration_statement=-1", "log_min_duration_statement=-2", "extra_float_digits=4", "extra_float_digits=-15", "application_name=aé\tb",
	"search_path=a,,b", "search_path=\"a", "search_path=a, \"B c\"", "xmloption=doc", "password_encryption=md5", "wal_sender_timeout=70s", "min_parallel_table_scan_size=8MB",
	"backend_flush_after=257", "default_statistics_target=0", "log_statement=ddl", "log_parameter_max_length=1kB", "log_parameter_max_length=2048B",
}

// Ensure that values are read, shown and refused as PostgreSQL does.
func TestParseAndShowAsPostgreSQL(t *testing.T) {
	const file = "testdata/answers.txt"
	if *update {
		var b strings.Builder
		for _, a := range asked {
			name, value, _ := strings.Cut(a, "=")
			b.WriteString(strings.ReplaceAll(a, "\t", `\t`) + " => " + strings.ReplaceAll(oracle(t, name, value), "\n", " | ") + "\n")
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != len(asked) {
		t.Fatalf("%d answers for %d questions: run with -update", len(lines), len(asked))
	}
	for i, l := range lines {
		_, want, _ := strings.Cut(l, " => ")
		name, value, _ := strings.Cut(asked[i], "=")
		if got := answer(name, value); got != want {
			t.Errorf("%s\n got %s\nwant %s", asked[i], got, want)
		}
	}
}

func answer(name, value string) string {
	s := Find(name)
	if s == nil {
		return "unknown"
	}
	c, err := s.ParseAs(name, value)
	if err != nil {
		e := err.(*Error)
		out := "ERROR:  " + e.Message
		if e.Detail != "" {
			out += " | DETAIL:  " + e.Detail
		}
		if e.Hint != "" {
			out += " | HINT:  " + e.Hint
		}
		return out
	}
	return s.Show(c)
}

func oracle(t *testing.T, name, value string) string {
	q := "select set_config('" + name + "', '" + strings.ReplaceAll(value, "'", "''") + "', false) is null; show " + name
	cmd := exec.Command("psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", os.Getenv("PGD_ORACLE"), "-c", q)
	out, err := cmd.CombinedOutput()
	text := strings.TrimSuffix(string(out), "\n")
	if err != nil && !strings.Contains(text, "ERROR") {
		t.Fatalf("psql: %v: %s", err, text)
	}
	return strings.TrimPrefix(text, "f\n")
}

// Ensure that the table is sorted, every name is found whatever its case, and every default is a value it accepts.
func TestTable(t *testing.T) {
	if !sort.SliceIsSorted(table[:], func(i, j int) bool { return compareFold(table[i].Name, table[j].Name) < 0 }) {
		t.Fatal("not sorted")
	}
	for _, s := range All() {
		if Find(strings.ToUpper(s.Name)) != s {
			t.Errorf("%s is not found", s.Name)
		}
		c, err := s.Parse(s.Default)
		if err != nil && s.Min != s.Max {
			t.Errorf("%s: default: %v", s.Name, err)
		}
		if err == nil && c != s.Default {
			t.Errorf("%s: default %q is not canonical: %q", s.Name, s.Default, c)
		}
	}
	for _, n := range []string{"", "nosuch", "work_me", "work_memo", "zzz", "\xff"} {
		if Find(n) != nil {
			t.Errorf("%q is found", n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { Find("TIMEZONE") }); n != 0 {
		t.Errorf("Find allocates %v times", n)
	}
}

// Ensure that Values gives typed values, defaults, and survives the crossing to another process.
func TestValues(t *testing.T) {
	lines, problems := ParseText("/s/pgd.conf", "work_mem = 8MB\nauthentication_timeout 90\nmy.own = 'x'\nport=5433\n")
	v, more := Resolve(lines)
	if len(problems)+len(more) != 0 {
		t.Fatal(problems, more)
	}
	v = FromMaps(v.Maps())
	if v.Bytes("work_mem") != 8<<20 || v.Duration("authentication_timeout") != 90*time.Second || v.Get("my.own") != "x" || v.Int("PORT") != 5433 {
		t.Error(v)
	}
	if s := v.Source("work_mem"); s != (Source{SourceFile, "/s/pgd.conf", 1}) {
		t.Error(s)
	}
	if s := v.Source("fsync"); s.Kind != SourceDefault || !v.Bool("fsync") || v.Duration("lock_timeout") != 0 || v.Duration("log_min_duration_statement") >= 0 {
		t.Error(s)
	}
	next, pending := v.Reload(FromMaps(map[string]string{"port": "6000", "work_mem": "64"}, nil))
	if strings.Join(pending, ",") != "port" || next.Int("port") != 5433 || next.Int("work_mem") != 64 || next.Get("my.own") != "" {
		t.Error(pending, next)
	}
	if c := v.Changed(next); strings.Join(c, ",") != "authentication_timeout,my.own,work_mem" {
		t.Error(c)
	}
}
