package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Ensure that PostgreSQL's forms of an assignment are read, and what is none of them is named.
func TestParseLine(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"", ""}, {"  # only a comment", ""}, {"port = 5433", "port=5433"}, {"port 5433 # why", "port=5433"}, {"port=5433#x", "port=5433"},
		{"a.b = 'x y'", "a.b=x y"}, {"s = 'it''s'", "s=it's"}, {`s = 'a\'b\\c\tq\101'`, "s=a'b\\c\tqA"}, {"s = ''", "s="},
		{"work_mem = 64MB", "work_mem=64MB"}, {"x = -1.5e-3", "x=-1.5e-3"}, {"x = 0x1F", "x=0x1F"}, {"l = pg_catalog.english", "l=pg_catalog.english"},
		{"log_timezone = Etc/UTC\r", "log_timezone=Etc/UTC"}, {"port", "!"}, {"port =", "!"}, {"port = # x", "!"}, {"= 5", "!="}, {"port = 5 6", "!6"},
		{"s = 'open", "!'open"}, {"s = 'a' 'b'", "!'b'"}, {"s = /tmp", "!/tmp"}, {"a. = 1", "!."}, {"1a = 2", "!1a"}, {"s = *", "!*"}, {`s = 'x\`, `!'x\`},
	} {
		name, value, near, ok := parseLine(c.line)
		got := ""
		switch {
		case !ok:
			got = "!" + near
		case name != "":
			got = name + "=" + value
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
}

// Ensure that include, include_if_exists and include_dir are followed in place, and every problem names file and line.
func TestInclude(t *testing.T) {
	dir := t.TempDir()
	main := filepath.Join(dir, "pgd.conf")
	write(t, main, "port = 1\ninclude 'more.conf'\ninclude_if_exists 'absent.conf'\ninclude_dir 'conf.d'\nnosuch = 1\nwork_mem = 1XB\nserver_version = 9\ninclude 'absent.conf'\n\n= x\n")
	write(t, filepath.Join(dir, "more.conf"), "port = 2\n")
	write(t, filepath.Join(dir, "conf.d", "b.conf"), "port = 4\n")
	write(t, filepath.Join(dir, "conf.d", "a.conf"), "port = 3\n")
	write(t, filepath.Join(dir, "conf.d", ".hidden.conf"), "port = 9\n")
	write(t, filepath.Join(dir, "conf.d", "c.txt"), "port = 9\n")
	write(t, filepath.Join(dir, "pgd.auto.conf"), "work_mem = '128kB'\n")
	v, problems := Load(main, filepath.Join(dir, "pgd.auto.conf"), []Line{{Name: "max_connections", Value: "7"}})
	if v.Int("port") != 4 || v.Int("work_mem") != 128 || v.Int("max_connections") != 7 || v.Source("max_connections").Kind != SourceCommandLine {
		t.Error(v)
	}
	if s := v.Source("port"); s.File != filepath.Join(dir, "conf.d", "b.conf") || s.Line != 1 {
		t.Error(s)
	}
	var got []string
	for _, p := range problems {
		got = append(got, strings.ReplaceAll(p.String(), dir, "D"))
	}
	want := `could not open configuration file "D/absent.conf": No such file or directory in file "D/pgd.conf" line 8
syntax error near token "=" in file "D/pgd.conf" line 10
unrecognized configuration parameter "nosuch" in file "D/pgd.conf" line 5
invalid value for parameter "work_mem": "1XB" in file "D/pgd.conf" line 6
parameter "server_version" cannot be changed in file "D/pgd.conf" line 7`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// Ensure that a file that includes itself ends with an error.
func TestIncludeDepth(t *testing.T) {
	main := filepath.Join(t.TempDir(), "pgd.conf")
	write(t, main, "include 'pgd.conf'\n")
	_, problems := ParseFile(main)
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "maximum nesting depth exceeded") {
		t.Error(problems)
	}
	write(t, main, "include 'pgd.conf'\ninclude 'pgd.conf'\ninclude 'pgd.conf'\ninclude 'pgd.conf'\n")
	if _, problems = ParseFile(main); len(problems) > maxProblems {
		t.Error(len(problems))
	}
}

// Ensure that no text makes the parser fail, and that what it accepts it reads the same when written back.
func FuzzParseText(f *testing.F) {
	for _, s := range []string{"port = 5432", "a.b='x''y\\101'\n#c\nx 1", "include_dir x", "work_mem=1e400TB", "s='\\", "\xff=1", "x = -", "x=1e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(strings.ToLower(text), "include") {
			return // the fuzzer shall not wander through files
		}
		lines, _ := ParseText("f", text)
		Resolve(lines)
		for _, l := range lines {
			if strings.ContainsAny(l.Value, "\n\\") {
				continue
			}
			again, problems := ParseText("f", l.Name+" = '"+strings.ReplaceAll(l.Value, "'", "''")+"'")
			if len(problems) != 0 || len(again) != 1 || again[0].Value != l.Value || again[0].Name != l.Name {
				t.Fatalf("%v: %v %v", l, again, problems)
			}
		}
	})
}

// Ensure that list elements are split as search_path is, and that nothing makes the splitter fail.
func FuzzSplitList(f *testing.F) {
	for _, s := range []string{`a, "B ""c" ,d`, `"`, `,`, ` a b `, `a,`, `"a"b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		SplitIdentifiers(v)
		SplitList(v)
	})
}
