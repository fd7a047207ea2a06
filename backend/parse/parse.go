// Package parse turns the text of SQL into a tree of plain Go structs, with PostgreSQL's own grammar.
//
// It is the only package that knows the parser. It checks what the parser cannot bear (length, UTF-8, NUL,
// nesting) before the text reaches C, and answers with PostgreSQL's messages, SQLSTATEs and positions.
// It resolves no name and looks nothing up.
package parse

import (
	"sync"
	"unicode/utf8"

	"github.com/pganalyze/pg_query_go/v6/parser"

	"pgd/backend/pgerr"
)

//go:generate go run gen/main.go

// Fields is a set of a node's fields; bit i is the i-th field of the grammar's message.
type Fields uint64

// Node is any node of the syntax tree: a pointer to one of the generated structs.
type Node interface {
	node()
	// Set tells which fields hold something; a field that is zero is not set.
	Set() Fields
	// NodeName is the type as the grammar calls it.
	NodeName() string
	// NodeField names field i.
	NodeField(i int) string
}

// Statement is one statement of a query string. Text is its part of the string, without the semicolon;
// Offset is where that part begins, in bytes.
type Statement struct {
	Node   Node
	Text   string
	Offset int
}

// MaxLength is the longest query string, in bytes; PostgreSQL's limit of one message.
const MaxLength = 1<<30 - 1

// turn keeps parses apart: while it runs, the parser has the process's standard error in a pipe of its own, and two at once
// would put back each other's. What a goroutine writes there meanwhile is lost, so logs should go by another descriptor.
var turn sync.Mutex

// Parse parses a query string. The error is a *pgerr.Error.
func Parse(sql string) ([]Statement, error) {
	if err := check(sql); err != nil {
		return nil, err
	}
	turn.Lock()
	packed, err := parser.ParseToProtobuf(sql)
	turn.Unlock()
	if err != nil {
		return nil, syntaxError(sql, err)
	}
	d := decoder{}
	res := decodeParseResult(&d, packed)
	if d.bad {
		return nil, pgerr.New(pgerr.InternalError, "malformed parse tree")
	}
	out := make([]Statement, 0, len(res.Stmts))
	for _, s := range res.Stmts {
		if s.Stmt == nil {
			continue
		}
		from := int(s.StmtLocation)
		to := len(sql)
		if s.StmtLen > 0 {
			to = from + int(s.StmtLen)
		}
		if from < 0 || to > len(sql) || from > to {
			return nil, pgerr.New(pgerr.InternalError, "malformed parse tree")
		}
		out = append(out, Statement{Node: s.Stmt, Text: sql[from:to], Offset: from})
	}
	return out, nil
}

// Position turns a node's location (0-based byte offset, -1 for none) into an error's cursor position
// (1-based, in characters, 0 for none).
func Position(sql string, location int32) int32 {
	if location < 0 || int(location) > len(sql) {
		return 0
	}
	return int32(utf8.RuneCountInString(sql[:location])) + 1
}
