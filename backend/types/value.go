// Package types holds the data types: for each its OID, its text and binary forms, how it is stored in
// SQLite and how it is ordered. One type is one file. It is a leaf: it knows no catalog, no session, no SQLite.
package types

// Kind is the storage class of a value.
type Kind uint8

// The storage classes.
const (
	Null Kind = iota
	Int
	Float
	Text
	Blob
)

// Value is one value as the executor holds it. Which of the fields counts is told by Kind; which storage class
// a PostgreSQL type uses is told by Type.Store. B is borrowed: it is good until the next step of the
// statement or the return of the function it was given to, and must not be changed.
type Value struct {
	Kind Kind
	I    int64
	F    float64
	B    []byte
}

// NullValue is SQL's NULL.
var NullValue = Value{}

// IntValue makes an INTEGER.
func IntValue(i int64) Value { return Value{Kind: Int, I: i} }

// FloatValue makes a REAL. SQLite has no NaN: use Float8Value for a float4 or float8.
func FloatValue(f float64) Value { return Value{Kind: Float, F: f} }

// TextValue makes a TEXT that keeps b.
func TextValue(b []byte) Value { return Value{Kind: Text, B: b} }

// StringValue makes a TEXT of a copy of s.
func StringValue(s string) Value { return Value{Kind: Text, B: []byte(s)} }

// BlobValue makes a BLOB that keeps b.
func BlobValue(b []byte) Value { return Value{Kind: Blob, B: b} }

// BoolValue makes a boolean: INTEGER 0 or 1.
func BoolValue(b bool) Value {
	if b {
		return Value{Kind: Int, I: 1}
	}
	return Value{Kind: Int}
}

// IsNull tells whether v is NULL.
func (v Value) IsNull() bool { return v.Kind == Null }

// Bool gives a boolean's value.
func (v Value) Bool() bool { return v.I != 0 }

// Clone gives v with bytes of its own.
func (v Value) Clone() Value {
	if v.B != nil {
		v.B = append(make([]byte, 0, len(v.B)), v.B...)
	}
	return v
}
