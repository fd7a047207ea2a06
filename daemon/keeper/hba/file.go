package hba

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Limits of what is read: a configuration is written by people.
const (
	maxDepth = 10
	maxFile  = 8 << 20
	maxTotal = 200000 // logical lines
)

// loader reads a file and those it includes into lines, collecting problems.
type loader struct {
	read     func(path string) ([]byte, error)
	list     func(dir string) ([]string, error)
	lines    []line
	problems []Problem
	expanded int // words that @files gave, so that files that name one another stay bounded
}

func newLoader() *loader { return &loader{read: readFile, list: listDir} }

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(b) > maxFile {
		err = errors.New("file is too large")
	}
	return b, err
}

func listDir(dir string) ([]string, error) {
	es, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range es {
		if n := e.Name(); !e.IsDir() && strings.HasSuffix(n, ".conf") && !strings.HasPrefix(n, ".") {
			names = append(names, filepath.Join(dir, n))
		}
	}
	sort.Strings(names)
	return names, nil
}

func (l *loader) problem(file string, number int, reason, hint string) {
	if len(l.problems) < 1000 {
		l.problems = append(l.problems, Problem{File: file, Line: number, Reason: reason, Hint: hint})
	}
}

// cause is err without the operation and path that os errors repeat.
func cause(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	s := err.Error()
	if errors.Is(err, fs.ErrNotExist) {
		s = "No such file or directory"
	} else if errors.Is(err, fs.ErrPermission) {
		s = "Permission denied"
	}
	return s
}

func relativeTo(file, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(file), name)
}

// logical splits a file into logical lines: a backslash before the end of a line joins the next one.
func logical(text []byte, each func(number int, s string)) {
	rest := string(text)
	for number := 1; rest != ""; {
		var whole strings.Builder
		first := number
		for {
			var one string
			one, rest, _ = strings.Cut(rest, "\n")
			number++
			one = strings.TrimSuffix(one, "\r")
			if strings.HasSuffix(one, `\`) && rest != "" {
				whole.WriteString(one[:len(one)-1])
				continue
			}
			whole.WriteString(one)
			break
		}
		each(first, whole.String())
	}
}

// file reads one file and what its include directives name. by and at are the place that asked for it, for problems.
func (l *loader) file(path, by string, at, depth int) {
	if depth > maxDepth {
		l.problem(by, at, `could not open file "`+path+`": maximum nesting depth exceeded`, "")
		return
	}
	text, err := l.read(path)
	if err != nil {
		l.problem(by, at, `could not open file "`+path+`": `+cause(err), "")
		return
	}
	logical(text, func(number int, s string) {
		if len(l.lines) > maxTotal {
			return
		}
		if strings.IndexByte(s, 0) >= 0 {
			l.problem(path, number, "line contains a NUL byte", "")
			return
		}
		sc := &scanner{text: s}
		before := len(l.problems)
		var fields [][]Token
		for {
			f := l.field(sc, path, number, depth)
			if len(f) == 0 {
				if sc.pos >= len(sc.text) {
					break
				}
				continue
			}
			fields = append(fields, f)
		}
		if len(fields) == 0 || len(l.problems) > before {
			return
		}
		if l.include(fields, path, number, depth) {
			return
		}
		l.lines = append(l.lines, line{path, number, fields})
	})
}

// include carries out an include directive; false when the line is none.
func (l *loader) include(fields [][]Token, path string, number, depth int) bool {
	first := fields[0][0]
	if first.Quoted || len(fields[0]) != 1 {
		return false
	}
	switch first.Text {
	case "include", "include_if_exists", "include_dir":
	default:
		return false
	}
	if len(fields) != 2 || len(fields[1]) != 1 || fields[1][0].Text == "" {
		l.problem(path, number, first.Text+" takes exactly one file name", "")
		return true
	}
	target := relativeTo(path, fields[1][0].Text)
	switch first.Text {
	case "include":
		l.file(target, path, number, depth+1)
	case "include_if_exists":
		if _, err := l.read(target); errors.Is(err, fs.ErrNotExist) {
			return true
		}
		l.file(target, path, number, depth+1)
	case "include_dir":
		names, err := l.list(target)
		if err != nil {
			l.problem(path, number, `could not open directory "`+target+`": `+cause(err), "")
		}
		for _, n := range names {
			l.file(n, path, number, depth+1)
		}
	}
	return true
}

// words gives all words of a file named with @.
func (l *loader) words(name, from string, number, depth int) []Token {
	path := relativeTo(from, name)
	if depth > maxDepth {
		l.problem(from, number, `could not open file "`+path+`": maximum nesting depth exceeded`, "")
		return nil
	}
	text, err := l.read(path)
	if err != nil {
		l.problem(from, number, `could not open file "`+path+`": `+cause(err), "")
		return nil
	}
	var out []Token
	logical(text, func(n int, s string) {
		sc := &scanner{text: s}
		for sc.pos < len(sc.text) && l.expanded < maxTotal {
			f := l.field(sc, path, n, depth)
			l.expanded += len(f)
			out = append(out, f...)
		}
	})
	return out
}
