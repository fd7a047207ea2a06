package client

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// Options are those of `pgd sql`.
type Options struct {
	Conn     string   // connection string as pgx takes it
	Commands []string // -c
	Files    []string // -f, "-" is standard input
	Format   Format
	Stop     bool // ON_ERROR_STOP
	Echo     bool // statements are printed before they run
	Quiet    bool
	Out, Err io.Writer
	In       *os.File
}

// session is one run of the client.
type session struct {
	Options
	conn    *pgconn.PgConn
	config  *pgconn.Config
	split   Splitter
	timing  bool
	vars    map[string]string
	out     io.Writer // where results go: Out or the file of \o
	outFile *os.File
	source  string // file being read, for messages
	line    int
	failed  bool
	last    string // the last statement, for \g
	depth   int    // of \i
	tty     bool
}

// Run connects and works until the input ends.
func Run(o Options) error {
	cfg, err := pgconn.ParseConfig(o.Conn)
	if err != nil {
		return &Failure{Status: ExitConnection, Message: err.Error()}
	}
	s := &session{Options: o, config: cfg, out: o.Out, vars: map[string]string{}}
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { s.report((*pgconn.PgError)(n), "") }
	if err := s.connect(); err != nil {
		return err
	}
	defer func() { s.conn.Close(context.Background()) }()
	defer s.closeOut()
	switch {
	case len(o.Commands) > 0:
		for _, c := range o.Commands {
			s.failed = false // the last one's success is the run's, as psql's
			if err := s.command(c); err != nil {
				return err
			}
		}
	case len(o.Files) > 0:
		for _, f := range o.Files {
			if err := s.file(f); err != nil {
				return err
			}
		}
	default:
		if s.tty = isTerminal(o.In); s.tty {
			return s.interactive()
		}
		if err := s.read(bufio.NewReader(o.In), "<stdin>"); err != nil {
			return err
		}
	}
	if s.failed && len(o.Commands) > 0 {
		return &Failure{Status: ExitFatal, Said: true}
	}
	return nil
}

func (s *session) connect() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgconn.ConnectConfig(ctx, s.config)
	if err != nil {
		return &Failure{Status: ExitConnection, Message: connectMessage(err), Hint: connectHint(err)}
	}
	s.conn = conn
	return nil
}

// command runs one -c: a backslash command or SQL, which goes to the server as it is, in one message.
func (s *session) command(c string) error {
	s.source, s.line = "", 0
	if strings.HasPrefix(strings.TrimSpace(c), `\`) {
		return s.piece(Piece{Command: strings.TrimSpace(c)[1:]})
	}
	if s.Echo {
		fmt.Fprintln(s.out, c)
	}
	return s.statement(c, s.Format)
}

// file reads a script.
func (s *session) file(name string) error {
	if name == "-" {
		return s.read(bufio.NewReader(s.In), "<stdin>")
	}
	f, err := os.Open(name)
	if err != nil {
		return &Failure{Status: ExitFatal, Message: err.Error()}
	}
	defer f.Close()
	return s.read(bufio.NewReader(f), name)
}

// maxLine bounds a line of a script.
const maxLine = 1 << 30

// read runs a script line by line.
func (s *session) read(in *bufio.Reader, name string) error {
	oldSource, oldLine, oldSplit := s.source, s.line, s.split
	s.source, s.line, s.split = name, 0, Splitter{}
	defer func() { s.source, s.line, s.split = oldSource, oldLine, oldSplit }()
	if s.depth++; s.depth > 16 {
		return &Failure{Status: ExitFatal, Message: "scripts include each other too deeply"}
	}
	defer func() { s.depth-- }()
	for {
		line, err := in.ReadString('\n')
		if len(line) > maxLine {
			return &Failure{Status: ExitFatal, Message: "a line of the script is too long"}
		}
		if line != "" {
			s.line++
			for _, p := range s.split.Line(strings.TrimRight(line, "\r\n")) {
				if e := s.pieceFrom(p, in); e != nil {
					return e
				}
			}
		}
		if err != nil {
			break
		}
	}
	if rest := s.split.Rest(); rest != "" {
		return s.pieceFrom(Piece{SQL: rest}, in)
	}
	return nil
}

// quit ends the client from within.
var errQuit = errors.New("quit")

func (s *session) pieceFrom(p Piece, in *bufio.Reader) error {
	if p.Command == "" && s.Echo {
		fmt.Fprintln(s.out, p.SQL)
	}
	return s.piece(p)
}

func (s *session) piece(p Piece) error {
	if p.Command == "" && p.SQL == "" {
		return nil
	}
	if p.Command != "" {
		return s.meta(p)
	}
	return s.statement(p.SQL, s.Format)
}

// statement sends SQL and prints what comes back. Only an error that ends the run is returned.
func (s *session) statement(sql string, f Format) error {
	if !utf8.ValidString(sql) {
		return s.fail(errors.New("the statement is not valid UTF-8"), sql)
	}
	s.last = sql
	start := time.Now()
	ctx, stop := interruptible()
	defer stop()
	err := s.exchange(ctx, sql, f)
	if s.timing {
		fmt.Fprintf(s.out, "Time: %.3f ms\n", float64(time.Since(start).Microseconds())/1000)
	}
	if err != nil {
		return s.fail(err, sql)
	}
	return nil
}

// interruptible gives a context that Ctrl-C ends: pgx then sends a cancel request.
func interruptible() (context.Context, func()) {
	return signal.NotifyContext(context.Background(), os.Interrupt)
}

func (s *session) exchange(ctx context.Context, sql string, f Format) error {
	if dir, ok := copyDirection(sql); ok {
		return s.copyStd(ctx, sql, dir)
	}
	res := s.conn.Exec(ctx, sql)
	var failure error
	for res.NextResult() {
		r := res.ResultReader()
		fields := r.FieldDescriptions()
		t := &table{}
		for _, d := range fields {
			t.names, t.right = append(t.names, d.Name), append(t.right, numeric[d.DataTypeOID])
		}
		for r.NextRow() {
			row := make([][]byte, len(fields))
			for i, v := range r.Values() {
				if v != nil {
					row[i] = append([]byte{}, v...)
				}
			}
			t.rows = append(t.rows, row)
		}
		tag, err := r.Close()
		if err != nil {
			failure = err
			break
		}
		if fields != nil {
			if err := f.print(s.out, t, fields); err != nil {
				res.Close()
				return err
			}
			if !strings.HasPrefix(tag.String(), "SELECT") && !strings.HasPrefix(tag.String(), "SHOW") && !s.Quiet {
				fmt.Fprintln(s.out, tag.String())
			}
		} else if tag.String() != "" && !s.Quiet {
			fmt.Fprintln(s.out, tag.String())
		}
	}
	if err := res.Close(); failure == nil {
		failure = err
	}
	return failure
}

// fail reports an error; it ends the run where ON_ERROR_STOP or a lost connection says so.
func (s *session) fail(err error, sql string) error {
	s.failed = true
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		s.report(pe, sql)
	} else {
		fmt.Fprintf(s.Err, "%serror: %s\n", s.prefix(), strings.TrimSuffix(err.Error(), "\n"))
	}
	if s.conn.IsClosed() {
		if s.tty {
			fmt.Fprintln(s.Err, "The connection was lost. Trying to make a new one.")
			if s.connect() == nil {
				return nil
			}
		}
		return &Failure{Status: ExitConnection, Message: "the connection to the server was lost"}
	}
	if s.Stop && !s.tty {
		return &Failure{Status: ExitScript, Said: true}
	}
	return nil
}

func (s *session) prefix() string {
	if s.source == "" {
		return ""
	}
	return fmt.Sprintf("pgd sql: %s:%d: ", s.source, s.line)
}

// report prints an error or a notice with its fields as psql does.
func (s *session) report(e *pgconn.PgError, sql string) {
	fmt.Fprintf(s.Err, "%s%s:  %s\n", s.prefix(), e.Severity, e.Message)
	if e.Position > 0 && sql != "" {
		s.pointAt(sql, int(e.Position))
	}
	for _, f := range []struct{ name, text string }{{"DETAIL", e.Detail}, {"HINT", e.Hint}, {"CONTEXT", e.Where}} {
		if f.text != "" {
			fmt.Fprintf(s.Err, "%s:  %s\n", f.name, f.text)
		}
	}
}

// pointAt prints the line of an error with a caret under the place.
func (s *session) pointAt(sql string, position int) {
	runes := []rune(sql)
	if position > len(runes)+1 {
		return
	}
	from := position - 1
	for from > 0 && runes[from-1] != '\n' {
		from--
	}
	to := position - 1
	for to < len(runes) && runes[to] != '\n' {
		to++
	}
	line := strings.Count(string(runes[:from]), "\n") + 1
	head := fmt.Sprintf("LINE %d: ", line)
	text := strings.ReplaceAll(string(runes[from:to]), "\t", " ")
	if len([]rune(text)) > 200 {
		start := max(0, position-1-from-60)
		text = "..." + string([]rune(text)[start:min(len([]rune(text)), start+120)])
		from += start - 3
	}
	fmt.Fprintf(s.Err, "%s%s\n%s^\n", head, text, strings.Repeat(" ", len(head)+displayWidth(string(runes[max(0, from):position-1]))))
}

func (s *session) closeOut() {
	if s.outFile != nil {
		s.outFile.Close()
		s.outFile = nil
	}
	s.out = s.Out
}
