package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"
)

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// history keeps the lines typed, the youngest last, in a file that only its owner reads.
type history struct {
	lines []string
	path  string
}

const maxHistory = 500

func openHistory() *history {
	h := &history{path: os.Getenv("PGD_HISTORY")}
	if h.path == "" {
		if home, err := os.UserHomeDir(); err == nil {
			h.path = filepath.Join(home, ".pgd_history")
		}
	}
	if b, err := os.ReadFile(h.path); err == nil {
		h.lines = strings.Split(strings.TrimRight(string(b), "\n"), "\n")
	}
	return h
}

// Add keeps a line; one that may hold a password is not kept.
func (h *history) Add(line string) {
	if strings.TrimSpace(line) == "" || strings.Contains(strings.ToLower(line), "password") || h.Len() > 0 && h.lines[h.Len()-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	if len(h.lines) > maxHistory {
		h.lines = h.lines[len(h.lines)-maxHistory:]
	}
}

// Len counts the lines.
func (h *history) Len() int { return len(h.lines) }

// At gives a line, the youngest at 0.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }

func (h *history) save() {
	if h.path != "" && len(h.lines) > 0 {
		os.WriteFile(h.path, []byte(strings.Join(h.lines, "\n")+"\n"), 0o600)
	}
}

// terminal joins standard input and output.
type terminal struct {
	io.Reader
	io.Writer
}

// interactive reads lines from a terminal until it ends.
func (s *session) interactive() error {
	h := openHistory()
	defer h.save()
	t := term.NewTerminal(terminal{s.In, os.Stdout}, "")
	t.History = h
	fmt.Fprintf(s.out, "pgd sql, connected to %s %s. \\? lists the commands, \\q leaves.\n\n", s.config.Database, s.conn.ParameterStatus("server_version"))
	for {
		t.SetPrompt(s.prompt())
		line, err := readLine(s.In, t)
		if errors.Is(err, io.EOF) {
			fmt.Fprintln(s.out)
			return nil
		}
		if err != nil {
			return &Failure{Status: ExitFatal, Message: err.Error()}
		}
		if word := strings.TrimSpace(line); !s.split.Pending() && (word == "quit" || word == "exit") {
			return nil
		}
		for _, p := range s.split.Line(line) {
			if err := s.piece(p); err != nil {
				if errors.Is(err, errQuit) {
					return nil
				}
				return err
			}
		}
	}
}

// readLine reads one line with the terminal in raw mode only while it is edited, so that Ctrl-C reaches a running statement as a signal.
func readLine(in *os.File, t *term.Terminal) (string, error) {
	fd := int(in.Fd())
	old, err := term.MakeRaw(fd)
	if err != nil {
		return "", err
	}
	defer term.Restore(fd, old)
	if w, h, err := term.GetSize(fd); err == nil {
		t.SetSize(w, h)
	}
	return t.ReadLine()
}

func (s *session) prompt() string {
	sign := "#"
	if s.conn.ParameterStatus("is_superuser") != "on" {
		sign = ">"
	}
	status := ""
	switch s.conn.TxStatus() {
	case 'T':
		status = "*"
	case 'E':
		status = "!"
	}
	return fmt.Sprintf("%s%c%s%s ", s.config.Database, s.split.Prompt(), status, sign)
}

func (s *session) reconnect(_ string, args []string, _ Piece) error {
	old, was := s.conn, s.config.Database
	if len(args) > 0 && args[0] != "-" {
		s.config.Database = args[0]
	}
	if err := s.connect(); err != nil {
		s.config.Database, s.conn = was, old
		return s.fail(err, "")
	}
	old.Close(context.Background())
	if !s.Quiet {
		fmt.Fprintf(s.out, "You are now connected to database \"%s\" as user \"%s\".\n", s.config.Database, s.config.User)
	}
	return nil
}

func (s *session) conninfo(string, []string, Piece) error {
	fmt.Fprintf(s.out, "You are connected to database \"%s\" as user \"%s\" on \"%s\" at port \"%d\".\n", s.config.Database, s.config.User, s.config.Host, s.config.Port)
	return nil
}
