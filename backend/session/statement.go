package session

import (
	"bytes"
	"strings"
	"time"
	"unicode/utf8"

	"pgd/backend/compile"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// param is a parameter's value.
type param = types.Value

// statement is one parsed statement and, once it has been analyzed, its plan. It can be run again and again.
type statement struct {
	source parse.Statement
	query  string // the whole query string source is of
	util   *utility
	plan   *plan
	// declared are the parameter types the client gave, params what analysis made of them. external tells that there may be parameters at all.
	declared, params []uint32
	external         bool
	// columns describe the result, once known; nil when there is none.
	columns []compile.Column
	users   int // prepared statements and cache entries that hold it
	text    []encoder
}

// release gives the plan back when nobody holds the statement any more.
func (st *statement) release() {
	if st.users--; st.users <= 0 && st.plan != nil {
		st.plan.close()
		st.plan = nil
	}
}

// prepared is a statement with a name: by a Parse message or by PREPARE.
type prepared struct {
	name    string
	st      *statement // nil for an empty query string
	fromSQL bool
	at      time.Time
	told    told
}

// told is what a client has been told of a result's columns, or may rely on: they must not change any more.
type told struct {
	columns []compile.Column
	fixed   bool
}

// hold fixes the columns, or refuses others than those it has.
func (t *told) hold(columns []compile.Column) error {
	if t.fixed && !sameColumns(t.columns, columns) {
		return pgerr.New(pgerr.FeatureNotSupported, "cached plan must not change result type")
	}
	t.columns, t.fixed = columns, true
	return nil
}

// parseText makes statements of a query string, out of the cache where it is known.
func (s *session) parseText(raw []byte) ([]*statement, string, error) {
	if e := s.cache.simple(raw); e != nil {
		return e.stmts, e.text, nil
	}
	text := string(raw)
	list, err := parse.Parse(text)
	if err != nil {
		return nil, text, err
	}
	stmts := make([]*statement, len(list))
	for i := range list {
		stmts[i] = &statement{source: list[i], query: text, util: utilityOf(list[i].Node)}
	}
	s.cache.addSimple(text, stmts)
	return stmts, text, nil
}

// parseOne makes a statement of the text of a Parse message; nil for an empty one.
func (s *session) parseOne(raw []byte, declared []uint32) (*statement, string, error) {
	if st := s.cache.prepared(raw, declared); st != nil {
		return st, st.query, nil
	}
	text := string(raw)
	list, err := parse.Parse(text)
	if err != nil {
		return nil, text, err
	}
	if len(list) > 1 {
		return nil, text, pgerr.New(pgerr.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	if len(list) == 0 {
		return nil, text, nil
	}
	st := &statement{source: list[0], query: text, util: utilityOf(list[0].Node), declared: declared, external: true}
	return st, text, nil
}

// lookup finds a prepared statement.
func (s *session) lookup(name string) (*prepared, error) {
	if p := s.stmts[name]; p != nil {
		return p, nil
	}
	if name == "" {
		return nil, pgerr.New(pgerr.InvalidSqlStatementName, "unnamed prepared statement does not exist")
	}
	return nil, pgerr.New(pgerr.InvalidSqlStatementName, "prepared statement \"%s\" does not exist", name)
}

// keep gives a statement a name.
func (s *session) keep(name string, st *statement, fromSQL bool) {
	if st != nil {
		st.users++
	}
	s.stmts[name] = &prepared{name: name, st: st, fromSQL: fromSQL, at: s.stmtTime}
}

// dropPrepared forgets a prepared statement, if there is one.
func (s *session) dropPrepared(name string) {
	if p := s.stmts[name]; p != nil {
		delete(s.stmts, name)
		if p.st != nil {
			p.st.release()
		}
	}
}

// cleanName checks a name of a statement or portal as text of the client's encoding.
func cleanName(raw []byte) (string, error) {
	if !utf8.Valid(raw) {
		return "", invalidText(raw)
	}
	return string(raw), nil
}

// invalidText is the error for text that is not UTF-8 or has a zero byte; it names the first bad bytes.
func invalidText(raw []byte) error {
	const hex = "0123456789abcdef"
	i := 0
	for i < len(raw) {
		if raw[i] == 0 {
			break
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	want := 1
	if i < len(raw) {
		switch c := raw[i]; {
		case c >= 0xf0 && c < 0xf8:
			want = 4
		case c >= 0xe0 && c < 0xf0:
			want = 3
		case c >= 0xc0 && c < 0xe0:
			want = 2
		}
	}
	var b strings.Builder
	for j := i; j < len(raw) && j < i+want; j++ {
		if j > i {
			b.WriteByte(' ')
		}
		b.WriteString("0x")
		b.WriteByte(hex[raw[j]>>4])
		b.WriteByte(hex[raw[j]&15])
	}
	return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\": %s", b.String())
}

// validText tells whether raw is text as a database keeps it.
func validText(raw []byte) bool {
	return utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0
}
