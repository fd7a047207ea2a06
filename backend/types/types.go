package types

import "time"

// Context is what text forms of values depend on: the session's settings. It is never nil.
type Context struct {
	DateStyle        DateStyle
	IntervalStyle    string // postgres, postgres_verbose, sql_standard, iso_8601
	TimeZone         *time.Location
	TimeZoneName     string
	ExtraFloatDigits int
	ByteaEscape      bool      // bytea_output = escape
	Now              time.Time // start of the transaction, for 'now', 'today'
	// Lookup finds a type that is not built in (enum, domain, composite); nil finds none.
	Lookup func(oid uint32) *Type
	// CheckDomain tells whether a value of the base type is one of a domain; nil checks nothing.
	CheckDomain func(domain uint32, v Value) error
	// Names gives the name of an object for the reg* types and back; nil knows none.
	Names ObjectNames
}

// ObjectNames turns OIDs of catalog objects into names and back, for the reg* types and aclitem.
// kind is the type: "regclass", "regtype", "regproc", "regprocedure", "regoper", "regoperator", "regnamespace",
// "regrole", "regcollation", "regconfig", "regdictionary".
type ObjectNames interface {
	ObjectName(kind string, oid uint32) (string, bool)
	ObjectOID(kind, name string) (uint32, error)
}

// DateStyle is the setting of that name.
type DateStyle struct {
	Format string // ISO, SQL, Postgres, German
	Order  string // MDY, DMY, YMD
}

// Type is one data type. Input and Receive answer with *pgerr.Error (22P02, 22003, 22007, 22008, 22P03 …) and take
// the typmod (-1 for none) so that length and precision are applied where PostgreSQL's input functions do.
// The values they return own their bytes.
type Type struct {
	OID       uint32
	Name      string // pg_type.typname
	Display   string // what format_type prints: "integer", "character varying"
	Array     uint32 // OID of the array type over it, 0 for none
	Elem      uint32 // element type of an array type, 0 otherwise
	Category  byte   // pg_type.typcategory
	Preferred bool
	Len       int16 // pg_type.typlen
	Delim     byte  // between elements of an array, ',' but for box

	// Store is the storage class of a non-null value; Collation the SQLite collation that gives PostgreSQL's
	// order and equality, "" where SQLite's own comparison does.
	Store     Kind
	Collation string
	// NotOrdered marks a type without comparison operators (json, point …).
	NotOrdered bool
	// Range tells what a range or multirange type is over; nil for other types.
	Range *RangeType

	Input   func(c *Context, s string, typmod int32) (Value, error)
	Output  func(c *Context, dst []byte, v Value) []byte
	Receive func(c *Context, b []byte, typmod int32) (Value, error)
	Send    func(c *Context, dst []byte, v Value) []byte

	// Compare orders two non-null values; it is what the collation does, for use in Go. nil where NotOrdered.
	Compare func(a, b Value) int

	// TypmodIn turns the modifiers of a declaration into a typmod, TypmodOut prints one ("(10,2)"); nil where
	// the type takes none.
	TypmodIn  func(mods []int32) (int32, error)
	TypmodOut func(typmod int32) string
	// Apply enforces a typmod on a value (the cast of a type to itself); explicit casts may truncate. nil where none.
	Apply func(c *Context, v Value, typmod int32, explicit bool) (Value, error)

	// Enum is the enum the type is; nil for others.
	Enum *EnumType
}

// Collations are the collating functions SQLite must have under the names used in Type.Collation. They get the
// TEXT of both values. RTRIM and BINARY are SQLite's own and are not listed.
var Collations = map[string]func(a, b []byte) int{}

// builtin is filled by each type's file.
var builtin = map[uint32]*Type{}

func register(ts ...*Type) {
	for _, t := range ts {
		builtin[t.OID] = t
		if t.Array != 0 {
			arrayElem[t.Array] = t.OID
		}
	}
}

// ByOID finds a built-in type that pgd implements; nil for none.
func ByOID(oid uint32) *Type {
	if t := builtin[oid]; t != nil {
		return t
	}
	return builtinArray(oid)
}

// Find finds a type by OID, built in or the database's own; nil for none.
func (c *Context) Find(oid uint32) *Type {
	if t := ByOID(oid); t != nil {
		return t
	}
	if c.Lookup != nil {
		return c.Lookup(oid)
	}
	return nil
}
