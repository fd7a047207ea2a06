package analyze

import (
	"pgd/backend/catalog"
)

// SortKey is one key of ORDER BY. Less is the ordering operator (USING or the type's < / >).
type SortKey struct {
	Expr       Expr
	Desc       bool
	NullsFirst bool
}

// Command is what a query does.
type Command uint8

// Commands.
const (
	Select Command = iota
	Insert
	Update
	Delete
)

// Query is one analyzed query.
type Query struct {
	Command Command
	RTable  []*RTE
	From    []FromItem // the items of FROM, joined by comma
	Where   Expr
	Targets []Target // of SELECT; of INSERT/UPDATE: what goes into the columns

	Distinct   bool
	DistinctOn []Expr // DISTINCT ON; the first keys of Order
	GroupBy    []Expr
	// GroupingSets holds sets of indexes into GroupBy; nil when plain.
	GroupingSets  [][]int
	HasAggs       bool
	Having        Expr
	Windows       []WindowDef
	Order         []SortKey
	Limit, Offset Expr
	WithTies      bool
	Lock          *Locking

	With      []*CTE
	Recursive bool

	SetOp *SetOperation // a UNION … tree instead of From/Targets; Order/Limit apply to it. Targets then name its columns.
	// Values is a VALUES list; its columns are Targets[i].Expr typed with Var over RTE -1.
	Values [][]Expr

	// INSERT, UPDATE, DELETE
	Result     int    // RTE of the table changed
	Columns    []int  // INSERT: attribute indexes (into Relation.Columns) that Targets fill, in the order of Targets; UPDATE: those set
	Source     *Query // INSERT … SELECT/VALUES of several rows; its columns feed Targets as Var over RTE SourceRTE
	SourceRTE  int
	OnConflict *OnConflict
	Returning  []Target
	Overriding string // "", "user", "system"
}

// Target is an output column: SELECT and RETURNING. Junk ones are only for sorting.
type Target struct {
	Expr Expr
	Name string
	Junk bool
	// TableOID and Attnum are the origin of a plain column, 0 otherwise (RowDescription).
	TableOID uint32
	Attnum   int16
}

// RTEKind is the kind of a range table entry.
type RTEKind uint8

// Kinds of range table entries.
const (
	RTERelation RTEKind = iota
	RTESubquery         // also a view, expanded: View is set
	RTEFunction
	RTEValues
	RTECTE
	RTEJoin
)

// RTE is a range table entry.
type RTE struct {
	Kind     RTEKind
	Alias    string // the name columns are qualified with
	Columns  []RTEColumn
	Relation *catalog.Relation // RTERelation
	View     *catalog.Relation // a subquery that is a view's definition
	Query    *Query            // RTESubquery; RTEValues
	Func     []Expr            // RTEFunction: *SetCall or *Call; more than one is ROWS FROM
	Ordinal  bool              // WITH ORDINALITY
	Scalar   bool              // RTEFunction: gives one value a row, not a row type
	Aliased  bool              // has an alias of its own
	Lateral  bool
	CTE      *CTE // RTECTE
	CTEUp    int
	Join     *Join // RTEJoin: alias of a join; Columns map through JoinVars
	JoinVars []Expr
}

// RTEColumn is a column of a range table entry.
type RTEColumn struct {
	Name string
	Typ  uint32
	Mod  int32
	Coll uint32
	// Dropped columns keep their place and are never seen.
	Dropped bool
}

// FromItem is *FromRTE or *Join.
type FromItem interface{ fromItem() }

// FromRTE is a plain entry of FROM.
type FromRTE struct{ RTE int }

// Join is a join of two items; USING and NATURAL are turned into On.
type Join struct {
	Kind        JoinKind
	Left, Right FromItem
	On          Expr // nil for CROSS
	RTE         int  // index of the join's own entry
}

func (*FromRTE) fromItem() {}
func (*Join) fromItem()    {}

// JoinKind is the kind of a join.
type JoinKind uint8

// Kinds of joins.
const (
	JoinInner JoinKind = iota
	JoinLeft
	JoinRight
	JoinFull
)

// WindowDef is a window: OVER (…) or WINDOW.
type WindowDef struct {
	Name      string
	Partition []Expr
	Order     []SortKey
	Frame     string // frame clause in SQLite's syntax with %s for offsets; "" for the default
	Offsets   []Expr
}

// CTE is one WITH query.
type CTE struct {
	Name         string
	Columns      []RTEColumn
	Query        *Query
	Materialized int8 // 1 MATERIALIZED, -1 NOT MATERIALIZED, 0 neither
	Recursive    bool // refers to itself
	Refs         int
}

// SetOperation is a UNION, INTERSECT or EXCEPT; its arms are queries whose targets already have the common types.
type SetOperation struct {
	Op          string // "union", "intersect", "except"
	All         bool
	Left, Right *Query
	// LeftCast and RightCast bring an arm's columns (Var over RTE -1) to the common types where its targets cannot; nil where
	// they already have them.
	LeftCast, RightCast []Expr
}

// Locking is FOR UPDATE … : it takes the write turn.
type Locking struct {
	Strength string
	NoWait   bool
	Skip     bool
}

// OnConflict is INSERT … ON CONFLICT.
type OnConflict struct {
	DoNothing bool
	// Keys are the expressions of the arbiter index, Where its predicate; none means any constraint (DO NOTHING only).
	Keys       []Expr
	Index      uint32
	IndexWhere Expr
	Columns    []int
	Set        []Target
	Where      Expr
	ExclRTE    int // range table entry of EXCLUDED
}
