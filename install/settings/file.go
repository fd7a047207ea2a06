package settings

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// Limits of a configuration file, against mistakes (a file that includes itself, a disk image given as a file).
const (
	maxDepth    = 10
	maxFileSize = 4 << 20
	maxProblems = 100
)

// Line is one assignment.
type Line struct {
	Name, Value string
	File        string // empty for the command line
	Line        int
}

// Problem is something in a file that cannot be taken.
type Problem struct {
	File         string
	Line         int // 0 when the file as a whole is meant
	Message      string
	Detail, Hint string
}

// String names the place after the message, as PostgreSQL does.
func (p Problem) String() string {
	switch {
	case p.File == "":
		return p.Message
	case p.Line == 0:
		return fmt.Sprintf(`%s in file "%s"`, p.Message, p.File)
	}
	return fmt.Sprintf(`%s in file "%s" line %d`, p.Message, p.File, p.Line)
}

// ParseFile reads a file in PostgreSQL's syntax with everything it includes, in order. Values are not checked: Resolve does.
func ParseFile(path string) ([]Line, []Problem) {
	f := &fileReader{}
	f.file(path, 0, true, "", 0)
	return f.lines, f.problems
}

// ParseText reads the text of a file named path.
func ParseText(path, text string) ([]Line, []Problem) {
	f := &fileReader{}
	f.text(path, text, 0)
	return f.lines, f.problems
}

// Load reads the main file, then the one ALTER SYSTEM writes (auto, may be missing), then the command line, and resolves them.
func Load(path, auto string, commandLine []Line) (*Values, []Problem) {
	f := &fileReader{}
	f.file(path, 0, true, "", 0)
	if auto != "" {
		f.file(auto, 0, false, "", 0)
	}
	v, problems := Resolve(append(f.lines, commandLine...))
	return v, append(f.problems, problems...)
}

type fileReader struct {
	lines    []Line
	problems []Problem
}

func (f *fileReader) problem(file string, line int, format string, args ...any) {
	if len(f.problems) < maxProblems {
		f.problems = append(f.problems, Problem{File: file, Line: line, Message: fmt.Sprintf(format, args...)})
	}
}

// file reads one file; from and at name the include line that asked for it.
func (f *fileReader) file(path string, depth int, must bool, from string, at int) {
	if depth > maxDepth {
		f.problem(from, at, `could not open configuration file "%s": maximum nesting depth exceeded`, path)
		return
	}
	text, err := readLimited(path)
	if err != nil {
		if !must && errors.Is(err, os.ErrNotExist) {
			return
		}
		f.problem(from, at, `could not open configuration file "%s": %s`, path, reason(err))
		return
	}
	f.text(path, text, depth)
}

func readLimited(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return "", errors.New("is a directory")
	}
	b, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err != nil {
		return "", err
	}
	if len(b) > maxFileSize {
		return "", fmt.Errorf("file is larger than %d bytes", maxFileSize)
	}
	return string(b), nil
}

// reason is the last cause of an error of the operating system, in C's spelling.
func reason(err error) string {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	t := err.Error()
	return strings.ToUpper(t[:1]) + t[1:]
}

func (f *fileReader) text(path, text string, depth int) {
	for n, line := 1, ""; text != ""; n++ {
		line, text, _ = strings.Cut(text, "\n")
		name, value, near, ok := parseLine(line)
		switch {
		case !ok && near == "":
			f.problem(path, n, "syntax error near end of line")
		case !ok:
			f.problem(path, n, `syntax error near token "%s"`, near)
		case name == "":
		case strings.EqualFold(name, "include"):
			f.file(beside(path, value), depth+1, true, path, n)
		case strings.EqualFold(name, "include_if_exists"):
			f.file(beside(path, value), depth+1, false, path, n)
		case strings.EqualFold(name, "include_dir"):
			f.dir(beside(path, value), depth+1, path, n)
		default:
			f.lines = append(f.lines, Line{Name: name, Value: value, File: path, Line: n})
		}
		if len(f.problems) >= maxProblems {
			return
		}
	}
}

// dir reads the files of a directory that end in .conf and do not begin with a dot, in byte order.
func (f *fileReader) dir(path string, depth int, from string, at int) {
	entries, err := os.ReadDir(path)
	if err != nil {
		f.problem(from, at, `could not open configuration directory "%s": %s`, path, reason(err))
		return
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
	for _, e := range entries {
		if n := e.Name(); strings.HasSuffix(n, ".conf") && n[0] != '.' && !e.IsDir() {
			f.file(filepath.Join(path, n), depth, true, from, at)
		}
	}
}

// beside makes a path relative to the file that names it absolute.
func beside(file, path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(file), path)
}
