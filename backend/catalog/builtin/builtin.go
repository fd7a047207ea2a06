// Package builtin is what every PostgreSQL 15 database contains before anybody made anything: types, functions, operators,
// casts, the columns of the system catalogs. It is generated from a running PostgreSQL by gen/main.go and holds facts only
// (names, numbers, flags), no bodies and no descriptions. All of it is constant data laid out by the linker, found by binary search:
// a process pays for nothing it does not look up. Rows are shared and must not be changed. It knows no other package and cannot fail.
package builtin

//go:generate go run gen/main.go -psql "psql -h localhost -U postgres"

import "sort"

// OIDs of the schemas every database begins with. SchemaInformation has no fixed number in PostgreSQL; ours is generated.
const (
	SchemaCatalog uint32 = 11
	SchemaToast   uint32 = 99
	SchemaPublic  uint32 = 2200
)

// FirstUserOID is the first OID given to an object of a user.
const FirstUserOID uint32 = 16384

// BootstrapRole is the OID of the bootstrap superuser, who owns all of this.
const BootstrapRole uint32 = 10

// Proc is a row of pg_proc as call resolution needs it.
type Proc struct {
	OID        uint32
	Name       string
	Namespace  uint32
	Kind       byte // f function, p procedure, a aggregate, w window
	Args       []uint32
	AllArgs    []uint32 // with OUT and TABLE columns; nil when all are IN
	ArgModes   string   // "iov t" letters of proargmodes; "" when all are IN
	ArgNames   []string
	Defaults   int    // number of trailing arguments with a default
	DefaultSrc string // proargdefaults as SQL text
	Variadic   uint32 // element type, 0 for none
	Result     uint32
	ReturnsSet bool
	Strict     bool
	Volatile   byte // i s v
	Src        string
	AggKind    byte // n normal, o ordered-set, h hypothetical-set; 0 otherwise
	AggDirect  int
}

// Operator is a row of pg_operator.
type Operator struct {
	OID, Namespace      uint32
	Name                string
	Kind                byte // b, l
	Left, Right, Result uint32
	Proc                uint32
	Commutator, Negator uint32
	CanMerge, CanHash   bool
}

// Cast is a row of pg_cast. Method: f function, i in/out, b binary coercible. Context: i implicit, a assignment, e explicit.
type Cast struct {
	OID, Source, Target, Func uint32
	Context, Method           byte
}

// TypeRow is a row of pg_type as name resolution and coercion need it.
type TypeRow struct {
	OID, Namespace uint32
	Name           string
	Len            int16
	Kind           byte // b base, c composite, d domain, e enum, p pseudo, r range, m multirange
	Category       byte
	Preferred      bool
	Delim          byte
	Relid          uint32
	Elem, Array    uint32
	BaseType       uint32
	Typmod         int32
	Collation      uint32
	NotNull        bool
	Default        string
	Input, Output  string
}

// Range is a row of pg_range.
type Range struct {
	Type, Subtype, Multirange, Collation, Opclass uint32
}

// Class is a row of pg_class: a table (r), view (v) or index (i) of pg_catalog and information_schema.
type Class struct {
	OID, Namespace uint32
	Name           string
	Kind           byte
	RowType        uint32
	Shared         bool
	Columns        []Column
	Indexes        []Index
}

// Column is a row of pg_attribute; its attnum is its place, from 1.
type Column struct {
	Name      string
	Type      uint32
	Typmod    int32
	Collation uint32
	NotNull   bool
}

// Index is a row of pg_index of a system catalog. Constraint is the OID of its pg_constraint row, 0 for none.
type Index struct {
	OID             uint32
	Name            string
	Unique, Primary bool
	Columns         []int16
	Constraint      uint32
}

// TypeOperators are the operators of a type's default operator classes: btree's < <= = >= >, its comparison
// function, and hash's equality (0 for none).
type TypeOperators struct {
	Type    uint32
	Btree   [5]uint32
	Compare uint32
	Hash    uint32
}

// Name is an object of which only OID, schema and name are asked here.
type Name struct {
	OID, Namespace uint32
	Name           string
}

// ProcByOID finds a function; nil for none.
func ProcByOID(oid uint32) *Proc {
	if i := procIndex(oid); i >= 0 {
		return &procs[i]
	}
	return nil
}

func procIndex(oid uint32) int {
	lo, hi := 0, len(procs)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if procs[m].OID < oid {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if lo < len(procs) && procs[lo].OID == oid {
		return lo
	}
	return -1
}

// Procs are all functions, by OID.
func Procs() []Proc { return procs[:] }

// ProcsNamed gives all functions of that name in whatever schema, by OID.
func ProcsNamed(name string) []*Proc {
	lo := sort.Search(len(procsByName), func(i int) bool { return procsByName[i].Name >= name })
	hi := lo
	for hi < len(procsByName) && procsByName[hi].Name == name {
		hi++
	}
	return procsByName[lo:hi:hi]
}

// ProcSignature gives a function as regprocedure prints it where pg_catalog is visible: "int4pl(integer,integer)"; "" for none.
func ProcSignature(oid uint32) string {
	if i := procIndex(oid); i >= 0 {
		return procSignatures[i]
	}
	return ""
}

// ProcBySignature finds the function ProcSignature prints so; nil for none.
func ProcBySignature(sig string) *Proc {
	i := sort.Search(len(procsBySignature), func(i int) bool { return procSignatures[procsBySignature[i]] >= sig })
	if i < len(procsBySignature) && procSignatures[procsBySignature[i]] == sig {
		return &procs[procsBySignature[i]]
	}
	return nil
}

// OperatorByOID finds an operator; nil for none.
func OperatorByOID(oid uint32) *Operator {
	i := sort.Search(len(operators), func(i int) bool { return operators[i].OID >= oid })
	if i < len(operators) && operators[i].OID == oid {
		return &operators[i]
	}
	return nil
}

// Operators are all operators, by OID.
func Operators() []Operator { return operators[:] }

// OperatorsNamed gives all operators of that name, by OID.
func OperatorsNamed(name string) []*Operator {
	lo := sort.Search(len(operatorsByName), func(i int) bool { return operatorsByName[i].Name >= name })
	hi := lo
	for hi < len(operatorsByName) && operatorsByName[hi].Name == name {
		hi++
	}
	return operatorsByName[lo:hi:hi]
}

// CastOf finds the cast of exactly this pair; nil for none.
func CastOf(source, target uint32) *Cast {
	i := sort.Search(len(casts), func(i int) bool {
		c := &casts[i]
		return c.Source > source || c.Source == source && c.Target >= target
	})
	if i < len(casts) && casts[i].Source == source && casts[i].Target == target {
		return &casts[i]
	}
	return nil
}

// Casts are all casts, by source and target.
func Casts() []Cast { return casts[:] }

// TypeByOID finds a type; nil for none.
func TypeByOID(oid uint32) *TypeRow {
	i := sort.Search(len(types), func(i int) bool { return types[i].OID >= oid })
	if i < len(types) && types[i].OID == oid {
		return &types[i]
	}
	return nil
}

// Types are all types, by OID, row types of the catalogs included.
func Types() []TypeRow { return types[:] }

// TypeByName finds a type of a schema by its pg_type name; nil for none.
func TypeByName(namespace uint32, name string) *TypeRow {
	i := sort.Search(len(typesByName), func(i int) bool {
		t := typesByName[i]
		return t.Name > name || t.Name == name && t.Namespace >= namespace
	})
	if i < len(typesByName) && typesByName[i].Name == name && typesByName[i].Namespace == namespace {
		return typesByName[i]
	}
	return nil
}

// ClassByOID finds a table, view or index of the system; nil for none.
func ClassByOID(oid uint32) *Class {
	i := sort.Search(len(classes), func(i int) bool { return classes[i].OID >= oid })
	if i < len(classes) && classes[i].OID == oid {
		return &classes[i]
	}
	return nil
}

// ClassByName finds a table, view or index of a schema of the system; nil for none.
func ClassByName(namespace uint32, name string) *Class {
	i := sort.Search(len(classesByName), func(i int) bool {
		c := classesByName[i]
		return c.Name > name || c.Name == name && c.Namespace >= namespace
	})
	if i < len(classesByName) && classesByName[i].Name == name && classesByName[i].Namespace == namespace {
		return classesByName[i]
	}
	return nil
}

// Classes are all tables, views and indexes of the system, by OID.
func Classes() []Class { return classes[:] }

// OperatorsOf gives the operators of the default operator classes declared for exactly this type; nil for none.
func OperatorsOf(typ uint32) *TypeOperators {
	i := sort.Search(len(typeOperators), func(i int) bool { return typeOperators[i].Type >= typ })
	if i < len(typeOperators) && typeOperators[i].Type == typ {
		return &typeOperators[i]
	}
	return nil
}

// RangeOf finds the pg_range row of a range type; nil for none.
func RangeOf(typ uint32) *Range {
	for i := range ranges {
		if ranges[i].Type == typ || ranges[i].Multirange == typ {
			return &ranges[i]
		}
	}
	return nil
}

// Collations are the collations pgd has.
func Collations() []Name { return collations[:] }

// Languages are the rows of pg_language.
func Languages() []Name { return languages[:] }

// AccessMethods are the rows of pg_am.
func AccessMethods() []Name { return accessMethods[:] }

// Opclasses are the rows of pg_opclass, by OID.
func Opclasses() []Opclass { return opclasses[:] }

// Opclass is a row of pg_opclass.
type Opclass struct {
	OID, Method uint32
	Name        string
	Family      uint32
	Type        uint32
	Default     bool
}

// Keyword is a word of the grammar: Category is U unreserved, C cannot be a function or type name, T can be one, R reserved. BareLabel
// tells that it may be a column label without AS.
type Keyword struct {
	Word      string
	Category  byte
	BareLabel bool
}

// Keywords are all words of the grammar, in order.
func Keywords() []Keyword { return keywords[:] }

// KeywordCategory gives the category of a lower-case word, 0 for what is no keyword.
func KeywordCategory(word string) byte {
	i := sort.Search(len(keywords), func(i int) bool { return keywords[i].Word >= word })
	if i < len(keywords) && keywords[i].Word == word {
		return keywords[i].Category
	}
	return 0
}
