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
	// Database is the current database's name, as a three-part name may give it.
	Database string
	// Allowed tells whether a role may do what ("SELECT", "INSERT" …) to a relation by its ACL; asked only where the role is neither
	// owner nor superuser. nil allows what everyone may: reading system relations.
	Allowed func(role uint32, rel *catalog.Relation, what string) bool
	// Setting reads a setting of the session.
	Setting func(name string) string
	// Notice sends a NOTICE or WARNING.
	Notice func(*pgerr.Error)

	// LiteralSettings tells that a literal was read by the session's DateStyle, IntervalStyle or TimeZone; LiteralNow that its value
	// is the present ('now', 'today'): such a plan is good for one execution of that statement text.
	LiteralSettings, LiteralNow bool

	// text is the statement as written, offset its place in what the client sent.
	text   string
	offset int

	depth int
	// visits counts the nodes analysed; copies how often the one at hand is, below BETWEEN.
	visits, copies int
	// paramNodes are the parameters met, for finishParams.
	paramNodes []*Param
	// checks are the privileges the statement needs; asked when it is otherwise right.
	checks []privilege
	// domains are the constraints of the domains met.
	domains map[uint32]*DomainCheck
	// views are those being expanded, for recursion.
	views []uint32
}

// maxDepth bounds the nesting of expressions and queries, where PostgreSQL answers 54001.
const maxDepth = 2000

// maxVisits bounds the whole statement, maxCopies the repetitions that nested BETWEENs make of their operands, maxShared the nodes
// that IN repeats, as nothing interrupts analysis.
const (
	maxVisits = 10_000_000
	maxCopies = 4096
	maxShared = 1_000_000
)

// enter counts one level of nesting; leave takes it back.
func (a *Analyzer) enter() error {
	a.visits++
	if a.depth >= maxDepth || a.visits > maxVisits {
		return tooComplex()
	}
	a.depth++
	return nil
}

// tooComplex is PostgreSQL's answer where its own stack ends.
func tooComplex() error {
	return pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded").
		WithHint("Increase the configuration parameter \"max_stack_depth\" (currently 2048kB), after ensuring the platform's stack depth limit is adequate.")
}

func (a *Analyzer) leave() { a.depth-- }

// only refuses a node that has more fields set than those consumed.
func only(n parse.Node, consumed parse.Fields, loc int32) error {
	if rest := n.Set() &^ consumed; rest != 0 {
		return pgerr.Unsupported(loc, "%s.%s is not supported", n.NodeName(), n.NodeField(bits.TrailingZeros64(uint64(rest))))
	}
	return nil
}

// Only is only() for the packages that analyse statements that are no queries.
func Only(n parse.Node, consumed parse.Fields, loc int32) error { return only(n, consumed, loc) }

// exprKind is where an expression stands; it decides what may be in it and how errors name the place
// ("aggregate functions are not allowed in WHERE").
type exprKind uint8

const (
	kindSelect exprKind = iota
	kindWhere
	kindHaving
	kindJoinOn
	kindFromFunction
	kindFromSubselect
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
	// aggs tells that an aggregate of this level was found, windows that a window function was.
	aggs, windows bool
	// windowClause is the WINDOW clause as written; set before the select list is analysed, read by windowClauses and OVER name.
	windowClause []parse.Node
	// windowDefs are the windows of WINDOW and of each OVER, as written; Window.Win counts them.
	windowDefs []*parse.WindowDef
	// setReturning tells that a set-returning function was found in the select list.
	setReturning bool
	lateral      bool
	// output stands for the query's own columns (item.rte -1): ORDER BY of a set operation.
	output *RTE
	// pending are the WITH queries of this level that a name may not reach yet, for the hint.
	pending []string
	// domainValue is what VALUE means in a domain's CHECK; nil elsewhere.
	domainValue *DomainValue
	// recursion is set while the arms of a recursive WITH query are analysed.
	recursion *recursion
}

// scopeItem is an entry names can see.
type scopeItem struct {
	rte         int
	qualified   bool // visible as alias.column
	unqualified bool // visible as column
	lateralOnly bool
	lateralOK   bool
	// alias replaces the entry's name (JOIN … USING (…) AS x); cols then limits what is seen to its first columns.
	alias string
	cols  int
}
