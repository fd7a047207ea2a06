package client

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

var copyStdin = regexp.MustCompile(`(?is)^\s*copy\s.*\sfrom\s+stdin\b`)
var copyStdout = regexp.MustCompile(`(?is)^\s*copy\s.*\sto\s+stdout\b`)

// copyDirection tells whether SQL is a COPY between the server and this side's standard input or output.
func copyDirection(sql string) (string, bool) {
	switch {
	case copyStdin.MatchString(sql):
		return "in", true
	case copyStdout.MatchString(sql):
		return "out", true
	}
	return "", false
}

func (s *session) copyStd(ctx context.Context, sql, dir string) error {
	if dir == "out" {
		tag, err := s.conn.CopyTo(ctx, s.out, sql)
		return s.copied(tag.String(), err)
	}
	tag, err := s.conn.CopyFrom(ctx, s.In, sql)
	return s.copied(tag.String(), err)
}

func (s *session) copied(tag string, err error) error {
	if err == nil && !s.Quiet {
		fmt.Fprintln(s.out, tag)
	}
	return err
}

// copyForm parts \copy into what is copied, the direction, the file and the rest.
var copyForm = regexp.MustCompile(`(?is)^copy\s+(\(.*\)|[^\s(]+(?:\s*\([^)]*\))?)\s+(from|to)\s+('(?:[^']|'')*'|\S+)\s*(.*)$`)

// copyCommand is \copy: COPY with a file of this side.
func (s *session) copyCommand(_ string, _ []string, p Piece) error {
	m := copyForm.FindStringSubmatch(p.Command)
	if m == nil {
		return s.fail(fmt.Errorf("\\copy: TABLE or (QUERY), FROM or TO, and a file name are needed"), "")
	}
	what, dir, file, rest := m[1], strings.ToLower(m[2]), m[3], m[4]
	if strings.EqualFold(file, "program") {
		return s.fail(fmt.Errorf("\\copy: PROGRAM is not supported"), "")
	}
	if strings.HasPrefix(file, "'") {
		file = strings.ReplaceAll(file[1:len(file)-1], "''", "'")
	}
	ctx, stop := interruptible()
	defer stop()
	var err error
	if dir == "from" {
		err = s.copyFrom(ctx, fmt.Sprintf("COPY %s FROM STDIN %s", what, rest), file)
	} else {
		err = s.copyTo(ctx, fmt.Sprintf("COPY %s TO STDOUT %s", what, rest), file)
	}
	if err != nil {
		return s.fail(err, "")
	}
	return nil
}

func (s *session) copyFrom(ctx context.Context, sql, file string) error {
	in := io.Reader(s.In)
	if !strings.EqualFold(file, "stdin") && !strings.EqualFold(file, "pstdin") {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
		if st, err := f.Stat(); err == nil && isTerminal(os.Stderr) && s.tty {
			in = newProgress(f, st.Size(), s.Err)
		}
	}
	tag, err := s.conn.CopyFrom(ctx, in, sql)
	return s.copied(tag.String(), err)
}

func (s *session) copyTo(ctx context.Context, sql, file string) error {
	if strings.EqualFold(file, "stdout") || strings.EqualFold(file, "pstdout") {
		tag, err := s.conn.CopyTo(ctx, s.out, sql)
		return s.copied(tag.String(), err)
	}
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	tag, err := s.conn.CopyTo(ctx, f, sql)
	if e := f.Close(); err == nil {
		err = e
	}
	return s.copied(tag.String(), err)
}
