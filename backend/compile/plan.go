// Package compile turns an analyzed query into a program: SQLite SQL with the functions it needs and the types of
// what goes in and comes out. It decides nothing about meaning; that is analysis. What it has no exact SQL for is an error, never an
// approximation.
package compile

// Plan is a compiled query.
type Plan struct {
	SQL     string
	Writes  bool // needs the write turn
	Locks   bool // FOR UPDATE: takes the write turn although it changes nothing
	NoWait  bool
	Params  []uint32 // types of $1 …; bound as ?1 …
	Columns []Column // of the result; none where nothing is returned
	Tag     string   // "SELECT", "INSERT 0", "UPDATE", "DELETE"; the count is appended
	// Returning tells that rows come from a change.
	Returning bool
	// Relations are the tables read or written, for dependencies and for the messages of failed constraints.
	Relations []uint32
	// Target is the table changed, 0 for none.
	Target uint32
	// Volatile tells that the plan calls functions with effects (nextval, set_config …): nothing may be run twice.
	Volatile bool
}

// Column is an output column as RowDescription gives it.
type Column struct {
	Name     string
	Type     uint32
	Typmod   int32
	TableOID uint32
	Attnum   int16
}
