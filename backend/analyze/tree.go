package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/types"
)

// Expr is a typed expression: type, typmod and collation are known before anything runs.
type Expr interface {
	Type() uint32
	Typmod() int32
	Collation() uint32
	// Location is the byte offset in the query string, -1 for none.
	Location() int32
}

// Info is what every expression carries.
type Info struct {
	Typ  uint32
	Mod  int32 // -1 for none
	Coll uint32
	Loc  int32 // -1 for none
}

// Type gives the type's OID.
func (i *Info) Type() uint32 { return i.Typ }

// Typmod gives the type modifier, -1 for none.
func (i *Info) Typmod() int32 { return i.Mod }

// Collation gives the collation's OID, 0 for none.
func (i *Info) Collation() uint32 { return i.Coll }

// Location gives the byte offset in the query string, -1 for none.
func (i *Info) Location() int32 { return i.Loc }

// Const is a literal. A NULL has Value.Kind Null.
type Const struct {
	Info
	Value types.Value
}

// Param is $N, N from 1.
type Param struct {
	Info
	N int
}

// Var is a column of a range table entry: RTE indexes Query.RTable of the query Up levels out; Col counts
// the entry's columns from 0 (RTEColumn), or is SystemColumn…
type Var struct {
	Info
	Up, RTE, Col int
}

// Columns every table has, as Var.Col.
const (
	WholeRow    = -1
	TableOIDCol = -2
	CtidCol     = -3
)

// Call is a function call, an operator or a cast by function: Proc is its pg_proc row.
type Call struct {
	Info
	Proc *catalog.Proc
	Args []Expr
	// Op is the operator's OID when written as one, 0 otherwise.
	Op uint32
	// Form tells how it was written, for deparsing.
	Form CallForm
	// Variadic tells that the last argument is an array given (or gathered) for a VARIADIC parameter; Defaults is how
	// many of the last arguments come from the function's defaults.
	Variadic bool
	Defaults int
	// Names are the names of arguments given by name, the last ones written; Places maps the arguments as written to Args.
	Names  []string
	Places []int
	// InColl is the collation the function works with, 0 for none.
	InColl uint32
}

// CallForm is how a call was written.
type CallForm uint8

// Forms of calls.
const (
	FormCall CallForm = iota
	FormOperator
	FormExplicitCast
	FormImplicitCast
	FormSQLSyntax // EXTRACT(…), OVERLAPS, AT TIME ZONE …
)

// Relabel is a cast that changes no bits (varchar to text).
type Relabel struct {
	Info
	Arg      Expr
	Implicit bool
}

// CoerceIO is a cast through text: output function, then input function.
type CoerceIO struct {
	Info
	Arg      Expr
	Implicit bool
}

// CoerceArray casts each element of an array; Elem is the cast of one element, over a *CaseTest.
type CoerceArray struct {
	Info
	Arg, Elem Expr
	Implicit  bool
}

// ApplyTypmod enforces length or precision: the cast of a type to itself.
type ApplyTypmod struct {
	Info
	Arg      Expr
	Explicit bool
	Implicit bool // not written by the user
}

// Collate is Arg COLLATE …; Coll is the collation, At the place of the word.
type Collate struct {
	Info
	Arg Expr
	At  int32
}

// ScalarArray is Left op ANY/ALL (array); Proc is the operator's function.
type ScalarArray struct {
	Info
	Proc        *catalog.Proc
	Op          uint32
	All         bool
	Left, Right Expr
}

// Bool is AND, OR (two or more arguments) or NOT (one).
type Bool struct {
	Info
	Op   BoolOp
	Args []Expr
}

// BoolOp is AND, OR or NOT.
type BoolOp uint8

// Boolean operators.
const (
	And BoolOp = iota
	Or
	Not
)

// NullTest is IS [NOT] NULL.
type NullTest struct {
	Info
	Arg Expr
	Not bool
}

// BoolTest is IS [NOT] TRUE/FALSE/UNKNOWN.
type BoolTest struct {
	Info
	Arg   Expr
	Value types.Value // true, false, or NULL for UNKNOWN
	Not   bool
}

// Distinct is IS DISTINCT FROM over an equality operator.
type Distinct struct {
	Info
	Proc        *catalog.Proc
	Op          uint32
	Left, Right Expr
	Not         bool
}

// NullIf is NULLIF(Left, Right); its type is Left's.
type NullIf struct {
	Info
	Proc        *catalog.Proc
	Op          uint32
	Left, Right Expr
}

// Case is CASE; in the form with an argument Arg is evaluated once and the conditions refer to it as *CaseTest.
type Case struct {
	Info
	Arg   Expr // nil in the searched form
	Whens []When
	Else  Expr // never nil
}

// When is one branch of a Case.
type When struct{ Cond, Result Expr }

// CaseTest stands for the value under test of the innermost Case, CoerceArray or domain check.
type CaseTest struct{ Info }

// DomainCheck makes a value one of a domain: the base type's value, looked at by the constraints of the domain and those under it, in the order they
// are checked.
type DomainCheck struct {
	Info
	Arg      Expr
	Implicit bool
	NotNull  bool
	Checks   []DomainConstraint
	// Schema and Name are the domain's, Display how messages call it.
	Schema, Name, Display string
	OID                   uint32
}

// DomainConstraint is a CHECK of a domain over a *DomainValue.
type DomainConstraint struct {
	Name string
	Cond Expr
}

// DomainValue is VALUE in a domain's CHECK.
type DomainValue struct{ Info }

// Coalesce is COALESCE.
type Coalesce struct {
	Info
	Args []Expr
}

// MinMax is GREATEST or LEAST.
type MinMax struct {
	Info
	Least bool
	Args  []Expr
}

// Array is ARRAY[…]. Multi tells that the elements are arrays themselves.
type Array struct {
	Info
	Elems []Expr
	Multi bool
}

// Row is ROW(…).
type Row struct {
	Info
	Args []Expr
}

// RowCompare is a comparison of rows that is not reducible to AND of columns: < <= > >=.
type RowCompare struct {
	Info
	Op          string
	Procs       []*catalog.Proc
	Left, Right []Expr
}

// Subscript is Arg[index] or Arg[lower:upper]; a slice has Slice set and nil bounds where omitted.
type Subscript struct {
	Info
	Arg          Expr
	Lower, Upper []Expr
	Slice        bool
}

// Field selects a column of a composite value.
type Field struct {
	Info
	Arg  Expr
	Name string
	Num  int
}

// SQLValue is CURRENT_DATE, CURRENT_USER … Name as written, lower case ("current_timestamp"), Mod the precision.
type SQLValue struct {
	Info
	Name string
}

// Default is DEFAULT in VALUES or SET; it is replaced before a query leaves analysis.
type Default struct{ Info }

// Agg is an aggregate call. Up is the query level it belongs to.
type Agg struct {
	Info
	Proc     *catalog.Proc
	Args     []Expr
	Direct   []Expr // of ordered-set aggregates
	Star     bool
	Distinct bool
	Order    []SortKey
	Filter   Expr
	Up       int
	Variadic bool
	InColl   uint32
}

// Window is a window function call; Win indexes Query.Windows.
type Window struct {
	Info
	Proc   *catalog.Proc
	Args   []Expr
	Star   bool
	Filter Expr
	Win    int
	Agg    bool // an aggregate used as a window function

	Variadic bool
	InColl   uint32
}

// SetCall is a set-returning function in the select list.
type SetCall struct {
	Info
	Proc     *catalog.Proc
	Args     []Expr
	Variadic bool
	InColl   uint32
}

// SubKind is the kind of a sublink.
type SubKind uint8

// Kinds of sublinks.
const (
	SubExists SubKind = iota
	SubExpr           // scalar: more than one row is 21000
	SubAny            // Test op ANY (query); IN
	SubAll
	SubArray // ARRAY(query)
	SubRow   // (Left …) op (query of at most one row)
)

// Sublink is a query in an expression. For SubAny, SubAll and SubRow, Left[i] op Right[i] is compared, where Right[i] is column i
// of Query (a Var of RTE -1), converted where the operator asks for it; Procs are the operators' functions. Op is the operator's
// name; with several columns < <= > >= compare as rows do, = and <> column by column.
type Sublink struct {
	Info
	Kind  SubKind
	Query *Query
	Left  []Expr
	Right []Expr
	Op    string
	Ops   []uint32
	Procs []*catalog.Proc
}
