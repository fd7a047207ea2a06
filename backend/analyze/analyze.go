// Package analyze resolves a syntax tree against the catalog: names, types, operators, functions, casts. Its result is a
// typed tree (Query, Expr): nothing about types is left to run time. It follows PostgreSQL's rules (parse_func.c, parse_oper.c,
// parse_coerce.c, parse_relation.c, parse_clause.c and their manual chapter "Type Conversion").
//
// Default deny: every function that analyses a node calls only() with the fields it consumed; whatever else the
// statement gave is 0A000 with a position. It never guesses and never drops a clause.
package analyze

import (
	"math/bits"

	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// Analyzer analyses one statement. It is made for each and not reused.
type Analyzer struct {
	Catalog catalog.Lookup
	Types   *types.Context
	// ParamTypes are the types of $1 … : given by the client (0 for not given) and filled in as use decides. Simple
	// statements have Params false and any $n is 42P02.
	ParamTypes []uint32
	Params     bool
	// User is the current role; Superuser skips privilege checks.
	User      uint32
	Superuser bool
	// Setting reads a setting of the session.
	Setting func(name string) string
	// Notice sends a NOTICE or WARNING.
	Notice func(*pgerr.Error)

	depth int
}

// maxDepth bounds the nesting of expressions and queries, where PostgreSQL answers 54001.
const maxDepth = 2000

// enter counts one level of nesting; leave takes it back.
func (a *Analyzer) enter() error {
	if a.depth++; a.depth > maxDepth {
		return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
			WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
	}
	return nil
}

func (a *Analyzer) leave() { a.depth-- }

// only refuses a node that has more fields set than those consumed.
func only(n parse.Node, consumed parse.Fields, loc int32) error {
	if rest := n.Set() &^ consumed; rest != 0 {
		return pgerr.Unsupported(loc, "%s.%s is not supported", n.NodeName(), n.NodeField(bits.TrailingZeros64(uint64(rest))))
	}
	return nil
}

// exprKind is where an expression stands; it decides what may be in it and how errors name the place
// ("aggregate functions are not allowed in WHERE").
type exprKind uint8

const (
	kindSelect exprKind = iota
	kindWhere
	kindHaving
	kindJoinOn
	kindFromFunction
	kindGroupBy
	kindOrderBy
	kindDistinctOn
	kindLimit
	kindOffset
	kindReturning
	kindValues
	kindValuesSingle
	kindInsert
	kindUpdateSource
	kindFilter
	kindWindowPartition
	kindWindowOrder
	kindWindowFrame
	kindCheck
	kindDefault
	kindGenerated
	kindIndexExpr
	kindIndexPredicate
	kindAlterUsing
	kindExecuteParam
	kindCall
	kindCopyWhere
	kindPolicy
)

// scope is one query level: what its names may refer to.
type scope struct {
	parent *scope
	query  *Query
	// items are the entries of FROM that unqualified and qualified names see, in order.
	items []scopeItem
	ctes  []*CTE
	kind  exprKind
	// aggs tells that an aggregate of this level was found; inAgg that we are inside one's arguments.
	aggs, inAgg bool
	windows     bool
	// setReturning tells that a set-returning function was found in the select list.
	setReturning bool
	lateral      bool
}

// scopeItem is an entry names can see. Columns of a join's inputs merged by USING are hidden from unqualified names.
type scopeItem struct {
	rte           int
	qualified     bool // visible as alias.column
	unqualified   bool // visible as column
	lateralOnly   bool
	lateralOK     bool
	hiddenColumns map[int]bool
}
