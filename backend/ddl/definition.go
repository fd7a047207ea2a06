package ddl

import (
	"pgd/backend/parse"
)

// column is a column of a table being defined, before its expressions are analysed.
type column struct {
	name       string
	typ        uint32
	mod        int32
	coll       uint32
	notNull    bool
	defaultAt  parse.Node // DEFAULT or generation expression as written; nil for none
	defaultSQL string     // the same as canonical text, where it is copied (LIKE) or made (serial)
	generated  byte       // 0 or 's'
	identity   byte       // 0, 'a', 'd'
	sequence   *sequence  // of serial and identity
	serial     bool
	loc        int32
}

// constraint is a table constraint being defined; column constraints become these.
type constraint struct {
	kind                      parse.ConstrType
	name                      string
	columns                   []string // of PRIMARY KEY, UNIQUE, FOREIGN KEY; for a column's CHECK the column, to name it by
	check                     parse.Node
	checkSQL                  string // canonical text where it is copied
	include                   []string
	ref                       *parse.RangeVar
	refColumns                []string
	onUpdate, onDelete, match byte
	deferrable, deferred      bool
	notValid                  bool
	index                     string // USING INDEX
	nullsNotDistinct          bool
	noInherit                 bool
	altering                  bool // of ALTER TABLE
	loc                       int32
}

// table is a table being defined.
type table struct {
	schema      string
	name        string
	temp        bool
	unlogged    bool
	onCommit    parse.OnCommitAction
	columns     []*column
	constraints []*constraint
	options     []string // WITH (…)
	likes       []likeness
}

func (t *table) column(name string) *column {
	for _, c := range t.columns {
		if c.name == name {
			return c
		}
	}
	return nil
}
